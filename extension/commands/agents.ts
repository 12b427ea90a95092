// Connect an agent: what would be written is shown as a difference first, and written only as it was shown.
import * as vscode from 'vscode';
import { describeFailure } from '#schema/client/errors.ts';
import type { ConnectPlan } from '#schema/views/agent.ts';
import { hookedAgents } from '#schema/views/hooked-agents.ts';
import type { CommandContext, Commands } from './ports.ts';

const found = ({ found: where }: ConnectPlan): string =>
  where?.executable === null || where === null ? 'not found here' : (where.version ?? 'installed');

const bullets = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `${title}:\n${lines.map((line) => `• ${line}`).join('\n')}\n\n`;

export function agentCommands({ host, documents }: CommandContext): Commands {
  const plan = async (name: string, undo: boolean): Promise<ConnectPlan> =>
    (await host.request('agent.connect_plan', { name, undo })).plan;

  async function choose(undo: boolean): Promise<ConnectPlan | undefined> {
    const asked = await Promise.allSettled(hookedAgents.map((name) => plan(name, undo)));
    const broken = asked.filter((one) => one.status === 'rejected');
    if (broken.length === hookedAgents.length) throw broken[0]?.reason;
    const plans = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const offered = undo ? plans.filter(({ state }) => state !== 'not_connected') : plans;
    if (offered.length === 0) {
      void vscode.window.showInformationMessage('Hob: no agent is connected.');
      return undefined;
    }
    const items = offered.map((one) => ({
      one,
      label: one.display,
      description: `${found(one)}${one.state === 'connected' ? ' · connected' : ''}`,
      detail: one.files.map(({ path }) => path).join(', '),
    }));
    const placeHolder = undo ? 'Which agent stops asking here?' : 'Which agent shall ask here?';
    return (await vscode.window.showQuickPick(items, { title: 'Hob', placeHolder }))?.one;
  }

  async function connect(undo: boolean): Promise<void> {
    const chosen = await choose(undo);
    if (chosen === undefined) return;
    if (chosen.files.length === 0) {
      void vscode.window.showInformationMessage(
        `Hob: ${chosen.display} is ${undo ? 'not ' : ''}connected already.`,
      );
      return;
    }
    for (const { path, before, after } of chosen.files) {
      const name = path.split(/[\\/]/).at(-1) ?? 'file';
      await documents.diff(`${path}: what Hob would write`, name, before ?? '', after ?? '');
    }
    const verb = undo ? 'Restore' : 'Write';
    const detail =
      bullets(
        'Files',
        chosen.files.map(({ path }) => path),
      ) +
      (undo
        ? ''
        : bullets('Covered', chosen.covered) + bullets('Not covered', chosen.not_covered)) +
      bullets('Note', chosen.notes);
    const question = undo ? `Disconnect ${chosen.display}?` : `Connect ${chosen.display}?`;
    const answer = await vscode.window.showInformationMessage(
      question,
      { modal: true, detail },
      verb,
    );
    if (answer !== verb) return;
    await apply(chosen, undo);
  }

  async function apply({ name, display, plan_hash }: ConnectPlan, undo: boolean): Promise<void> {
    try {
      await host.request('agent.connect_apply', { name, undo, plan_hash });
    } catch (failure) {
      const { code, message } = describeFailure(failure);
      if (code !== 'agent_config_changed') throw failure;
      void vscode.window.showWarningMessage(`Hob: ${message}`);
      return connect(undo);
    }
    const text = undo
      ? `Hob: ${display} no longer asks here. Its files are as they were.`
      : `Hob: ${display} asks here from its next start. Try something it must ask for.`;
    void vscode.window.showInformationMessage(text);
  }

  return {
    connectAgent: () => connect(false),
    disconnectAgent: () => connect(true),
  };
}
