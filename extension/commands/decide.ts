// Approve, deny and hold from the palette. The exact call is on the row; what does not fit on it whole is
// approved on its card only, and what is dangerous takes a word that has to be typed.
import * as vscode from 'vscode';
import type { ApprovalView, DecisionKind } from '#schema/views/approval.ts';
import { callText } from '#schema/views/call-text.ts';
import { visibleText } from '#schema/views/visible-text.ts';
import { fitsOnOneLine } from '../cards/fits.ts';
import type { CommandContext, Commands } from './ports.ts';

interface CardItem extends vscode.QuickPickItem {
  readonly card: ApprovalView;
}

/** A key that comes sooner after the list is in sight was meant for something else. */
const TOO_SOON_MS = 500;
const oneLine = (text: string): string => visibleText(text).replaceAll(/\s+/g, ' ');

const item = (card: ApprovalView): CardItem => ({
  card,
  label: `${card.danger ? '$(warning) ' : ''}${oneLine(callText(card.call))}`,
  description: oneLine(`${card.requester.display}${card.task === null ? '' : ` · ${card.task}`}`),
  detail: `${card.status === 'held' ? 'Held. ' : ''}${oneLine(card.explanation.effect)} · ${oneLine(card.explanation.where)}`,
  alwaysShow: true,
});

/** Lets the person choose one of the cards; undefined when they did not. */
function choose(title: string, cards: readonly ApprovalView[]): Promise<ApprovalView | undefined> {
  const pick = vscode.window.createQuickPick<CardItem>();
  pick.title = title;
  pick.placeholder = 'Which call?';
  pick.matchOnDescription = true;
  pick.items = cards.map(item);
  // From the moment in which the window says that it shows the rows: a busy one shows them late.
  let shownAt = Infinity;
  return new Promise((resolve) => {
    pick.onDidChangeActive(() => (shownAt = Math.min(shownAt, performance.now())));
    pick.onDidAccept(() => {
      if (performance.now() - shownAt < TOO_SOON_MS) return;
      resolve(pick.selectedItems[0]?.card);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

/** The second, deliberate step: the word has to be typed, with the call and its reasons in sight. */
async function confirmed({ call, danger_reasons: reasons }: ApprovalView): Promise<boolean> {
  const word = await vscode.window.showInputBox({
    title: `Dangerous: ${oneLine(callText(call))}`,
    prompt: `It ${reasons.join('; ')}. Type "approve" to let it run.`,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim().toLowerCase() === 'approve' ? undefined : 'Type "approve", or press Escape.',
  });
  return word?.trim().toLowerCase() === 'approve';
}

const nothing: Readonly<Record<string, string>> = {
  approve: 'Nothing waits for your answer.',
  deny: 'Nothing waits for your answer.',
  hold: 'Nothing waits that could be held.',
};

export function decideCommands({ board, answers, panel }: CommandContext): Commands {
  async function decide(title: string, decision: Exclude<DecisionKind, 'release'>): Promise<void> {
    const open = await board.fresh();
    const cards = decision === 'hold' ? open.filter(({ status }) => status === 'pending') : open;
    if (cards.length === 0) {
      void vscode.window.showInformationMessage(`Hob: ${nothing[decision]}`);
      return;
    }
    const card = await choose(title, cards);
    if (card === undefined) return;
    const dangerous = decision === 'approve' && card.danger;
    if (decision === 'approve' && !fitsOnOneLine({ ...card, danger: false })) {
      const text = 'Hob: this call does not fit here whole, so it is approved on its card.';
      void vscode.window.showInformationMessage(text);
      return panel.showCard(card.approval_id);
    }
    if (dangerous && !(await confirmed(card))) return;
    const answer = { approval: card, decision, offer_id: null, source: 'palette' } as const;
    await answers.give({ ...answer, confirmed: dangerous });
  }

  return {
    approve: () => decide('Hob: Approve once', 'approve'),
    deny: () => decide('Hob: Deny', 'deny'),
    hold: () => decide('Hob: Hold', 'hold'),
  };
}
