import type { ApprovalView } from '#schema/views/approval.ts';
import { callText } from '#schema/views/call-text.ts';
import { isPlainlyVisible } from '#schema/views/visible-text.ts';

/** Characters of one line that a notification and a row of the palette show without cutting. */
const LINE = 100;

/**
 * Whether the whole call fits on one line with nothing hidden in it. Only then may it be approved away
 * from its card; what is dangerous or enrols an editor never is.
 */
export function fitsOnOneLine({ call, danger }: Pick<ApprovalView, 'call' | 'danger'>): boolean {
  if (danger || call.action === 'decider.enroll') return false;
  const text = callText(call);
  return text.length <= LINE && !/[\n\t]| {2}/.test(text) && isPlainlyVisible(text);
}
