// What agents may do: kill switch, pause, preset, grants.
import * as vscode from 'vscode';
import type { CommandContext, Commands } from './ports.ts';

const presets = [
  { label: 'off', detail: 'Agents may do nothing.' },
  { label: 'read-only', detail: 'Agents may read in the workspace and move around; nothing else.' },
  { label: 'ask', detail: 'Everything that does something asks first. This is how Hob ships.' },
  { label: 'trusted', detail: 'Edits and named tasks run without asking; commands still ask.' },
] as const;

export function ruleCommands({ host, decider }: CommandContext): Commands {
  async function choosePreset(): Promise<void> {
    const { config } = await host.request('config.get', {});
    const now = config['policy.preset'];
    const items = presets.map((row) => ({
      ...row,
      description: row.label === now ? 'now' : '',
    }));
    const placeHolder = 'How much may agents do without asking?';
    const chosen = await vscode.window.showQuickPick(items, { title: 'Hob', placeHolder });
    if (chosen === undefined || chosen.label === now) return;
    const changes = { 'policy.preset': chosen.label };
    const signature = decider.status === 'enrolled' ? decider.signSetting({ config: changes }) : {};
    await host.request('config.patch', { changes, ...signature });
    void vscode.window.showInformationMessage(`Hob: agents may do: ${chosen.label}.`);
  }

  async function revokeGrant(): Promise<void> {
    const { grants } = await host.request('grant.list', { limit: 500 });
    if (grants.length === 0) {
      void vscode.window.showInformationMessage('Hob: there are no standing permissions.');
      return;
    }
    const items = grants.map((grant) => ({
      grant_id: grant.grant_id,
      label: grant.label,
      description: `used ${grant.uses} ${grant.uses === 1 ? 'time' : 'times'}`,
      detail: `${grant.principal_id}, since ${new Date(grant.created_at).toLocaleString()}`,
    }));
    const placeHolder = 'Which permission ends now?';
    const chosen = await vscode.window.showQuickPick(items, { title: 'Hob', placeHolder });
    if (chosen === undefined) return;
    await host.request('grant.revoke', { grant_id: chosen.grant_id });
    void vscode.window.showInformationMessage(`Hob: ended: ${chosen.label}`);
  }

  return {
    killSwitchOn: async () => {
      await host.request('policy.kill_switch_set', { on: true });
      void vscode.window.showWarningMessage('Hob: kill switch on. Nothing is started any more.');
    },
    killSwitchOff: async () => {
      const signature = decider.signSetting({ kill_switch: false });
      await host.request('policy.kill_switch_set', { on: false, ...signature });
    },
    pause: () => host.request('runtime.stop', { reason: 'paused in the editor' }),
    resume: () => host.request('runtime.start', {}),
    choosePreset,
    revokeGrant,
  };
}
