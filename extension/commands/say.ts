import * as vscode from 'vscode';
import type { SayResult } from '#schema/commands/conversation.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import { holdAsSaid } from '../cards/hold-as-said.ts';
import type { CommandContext, Commands } from './ports.ts';

const SHOWN_MS = 6_000;

/** Typed sentences. `hob.say` and `hob.whatHappened` return the result, so that tests and keys can use them. */
export function sayCommands({ host, board, answers, panel, windowId }: CommandContext): Commands {
  const inject = (text: string): Promise<SayResult> =>
    vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: `Hob: ${text}` },
      () => host.request('conversation.inject_text', { text, window_id: windowId }),
    ) as Promise<SayResult>;

  const say = async (text: string): Promise<SayResult> => {
    const result = await inject(text);
    if (!(await holds(result))) void show(result);
    return result;
  };

  /** True when the sentence was a hold, and this editor has signed it. */
  async function holds(result: SayResult): Promise<boolean> {
    const hold = holdAsSaid(result, 'palette');
    if (hold === null) return false;
    const named = ({ approval_id }: ApprovalView): boolean =>
      approval_id === hold.approval.approval_id;
    const card = (await board.fresh()).find(named);
    return card !== undefined && (await answers.give({ ...hold, approval: card })) !== null;
  }

  /** What became of it, without taking the focus: in the status bar when it went well. */
  async function show({ status, reply, closest, approval_id: card }: SayResult): Promise<void> {
    switch (status) {
      case 'done':
        vscode.window.setStatusBarMessage(`$(check) Hob: ${reply}`, SHOWN_MS);
        return;
      case 'answered':
        void vscode.window.showInformationMessage(reply);
        return;
      case 'pending':
        return panel.showCard(card ?? undefined);
      case 'not_understood': {
        const options = closest.map(({ phrase }) => phrase);
        const chosen = await vscode.window.showWarningMessage(reply, ...options.slice(0, 3));
        if (chosen !== undefined) await ask(chosen);
        return;
      }
      case 'failed':
      case 'denied':
      case 'dry_run':
        void vscode.window.showWarningMessage(`Hob: ${reply}`);
    }
  }

  /** A phrase may have a slot still to be filled, so it is offered for editing. */
  async function ask(value: string): Promise<SayResult | undefined> {
    const text = await vscode.window.showInputBox({
      title: 'Hob',
      prompt: 'Type a sentence',
      placeHolder: 'open settings · go to line 42 · run the tests · what happened',
      value,
    });
    return text === undefined || text.trim() === '' ? undefined : say(text);
  }

  return {
    say: (text) => (typeof text === 'string' ? say(text) : ask('')),
    whatHappened: () => say('what happened'),
  };
}
