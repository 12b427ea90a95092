import { isOpen } from '#schema/views/approval-fold.ts';
import type { ApprovalView } from '#schema/views/approval.ts';

/** Questions without an answer: pending or held. */
export const openOnes = (approvals: readonly ApprovalView[]): ApprovalView[] =>
  approvals.filter(isOpen);

/** The list with this one in it: in its place, else in the order in which they were asked. */
export function withApproval(
  list: readonly ApprovalView[],
  approval: ApprovalView,
): readonly ApprovalView[] {
  const at = list.findIndex((one) => one.approval_id === approval.approval_id);
  if (at >= 0) return list[at] === approval ? list : list.with(at, approval);
  // Ids sort by creation, so this is the end except when two arrive crossed.
  const after = list.findLastIndex((one) => one.approval_id < approval.approval_id);
  return list.toSpliced(after + 1, 0, approval);
}
