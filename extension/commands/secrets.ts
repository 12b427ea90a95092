// Keep a secret for external servers: typed unseen here, never in the panel.
import * as vscode from 'vscode';
import { describeFailure } from '#schema/client/errors.ts';
import type { VaultKey as KeyPlace } from '#schema/views/secret.ts';
import type { CommandContext, Commands } from './ports.ts';

interface PlaceItem extends vscode.QuickPickItem {
  readonly place: KeyPlace;
}

const places: readonly PlaceItem[] = [
  {
    place: 'editor',
    label: "VS Code's secret storage",
    detail: 'The host gets it when a window opens; without one the vault stays locked.',
  },
  {
    place: 'file',
    label: 'A file that only you can read',
    detail:
      'vault-key.txt in the data folder. It protects a copy of the vault, not against your programs.',
  },
];

const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function secretCommands({ host, vaultKey }: CommandContext): Commands {
  async function choosePlace(why: string): Promise<KeyPlace | undefined> {
    const title = 'Where is the key of the vault kept?';
    const chosen = await vscode.window.showQuickPick(places, { title, placeHolder: why });
    if (chosen?.place === 'editor') await vaultKey.make(host);
    return chosen?.place;
  }

  async function keep(secret: string, value: string): Promise<boolean> {
    try {
      await host.request('secret.set', { name: secret, value });
      return true;
    } catch (failure) {
      const { code, message } = describeFailure(failure);
      if (code !== 'vault_unavailable') throw failure;
      const key = await choosePlace(message);
      if (key === undefined) return false;
      await host.request('secret.set', { name: secret, value, key });
      return true;
    }
  }

  return {
    async keepSecret() {
      const secret = await vscode.window.showInputBox({
        title: 'Keep a secret for servers',
        prompt: 'Its name, as servers are given it',
        validateInput: (text) =>
          name.test(text.trim()) ? undefined : '1 to 64 letters, digits, ".", "_" and "-".',
      });
      if (secret === undefined) return;
      const value = await vscode.window.showInputBox({
        title: `Secret: ${secret.trim()}`,
        prompt: 'Kept encrypted, and shown nowhere',
        password: true,
        ignoreFocusOut: true,
        validateInput: (text) => (text.length >= 8 ? undefined : 'At least 8 characters.'),
      });
      if (value === undefined) return;
      if (await keep(secret.trim(), value))
        void vscode.window.showInformationMessage(`Hob: ${secret.trim()} is kept.`);
    },
  };
}
