import type { SayResult } from '#schema/commands/conversation.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import type { Answer } from '../decider/statements.ts';

/**
 * The hold that a sentence asked for ("hold", "not sure"), or null. A hold is signed like a
 * decision, so the host only names the question that is meant, and the editor in which the sentence
 * was typed signs it. Nothing else that a sentence says is ever signed.
 */
export function holdAsSaid(
  result: Pick<SayResult, 'intent' | 'result'>,
  source: Answer['source'],
): Answer | null {
  const named = result.result?.['hold'] as Answer['approval'] | null | undefined;
  if (result.intent?.name !== 'hold' || named === null || named === undefined) return null;
  const approval: Pick<ApprovalView, 'approval_id' | 'call_hash'> = {
    approval_id: named.approval_id,
    call_hash: named.call_hash,
  };
  return { approval, decision: 'hold', offer_id: null, source, confirmed: false };
}
