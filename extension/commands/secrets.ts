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
    place: 'passphrase',
    label: 'A passphrase',
    detail: 'You type it once after each start of the host: Hob: Unlock the Vault…',
  },
  {
    place: 'file',
    label: 'A file that only you can read',
    detail:
      'vault-key.txt in the data folder. It protects a copy of the vault, not against your programs.',
  },
];

const unseen = (title: string, prompt: string, wrong: (text: string) => string | undefined) =>
  vscode.window.showInputBox({
    title,
    prompt,
    password: true,
    ignoreFocusOut: true,
    validateInput: wrong,
  });

async function newPassphrase(): Promise<string | undefined> {
  const title = 'Passphrase of the vault';
  const passphrase = await unseen(
    title,
    'Nobody can open the vault without it, nor tell it to you',
    (text) => (text.length >= 12 ? undefined : 'At least 12 characters.'),
  );
  if (passphrase === undefined) return undefined;
  return unseen(title, 'The same again', (text) =>
    text === passphrase ? undefined : 'That is not the same.',
  );
}

const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function secretCommands({ host, vaultKey }: CommandContext): Commands {
  /** With what goes along to the host; undefined when nobody chose. */
  async function choosePlace(
    why: string,
  ): Promise<{ key: KeyPlace; passphrase?: string } | undefined> {
    const title = 'Where is the key of the vault kept?';
    const chosen = await vscode.window.showQuickPick(places, { title, placeHolder: why });
    if (chosen?.place === 'editor') await vaultKey.make(host);
    if (chosen?.place !== 'passphrase') return chosen && { key: chosen.place };
    const passphrase = await newPassphrase();
    return passphrase === undefined ? undefined : { key: 'passphrase', passphrase };
  }

  async function keep(secret: string, value: string): Promise<boolean> {
    try {
      await host.request('secret.set', { name: secret, value });
      return true;
    } catch (failure) {
      const { code, message } = describeFailure(failure);
      if (code !== 'vault_unavailable') throw failure;
      const how = await choosePlace(message);
      if (how === undefined) return false;
      await host.request('secret.set', { name: secret, value, ...how });
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
      const value = await unseen(
        `Secret: ${secret.trim()}`,
        'Kept encrypted, and shown nowhere',
        (text) => (text.length >= 8 ? undefined : 'At least 8 characters.'),
      );
      if (value === undefined) return;
      if (await keep(secret.trim(), value))
        void vscode.window.showInformationMessage(`Hob: ${secret.trim()} is kept.`);
    },

    async unlockVault() {
      const passphrase = await unseen('Unlock the vault', 'Its passphrase', () => undefined);
      if (passphrase === undefined) return;
      const { vault } = await host.request('vault.enter_passphrase', { passphrase });
      void vscode.window.showInformationMessage(
        vault.state === 'open' ? 'Hob: the vault is open.' : 'Hob: there is no vault yet.',
      );
    },
  };
}
