import type { ApprovalView } from '#schema/views/approval.ts';
import { exitCodes, UsageError, type CliCommand } from '../command.ts';
import { requireId } from '../ids.ts';
import { plain, table } from '../output.ts';

/** Shows; a terminal never decides. */
export const approvalsCommand: CliCommand = {
  name: 'approvals',
  usage: 'approvals [--all] | APPROVAL_ID',
  summary: 'Lists what waits for an answer. The answer is given on the card in the editor.',
  details: ['--all         settled ones as well, newest last', 'APPROVAL_ID   one approval, whole'],
  options: { all: { type: 'boolean' } },
  async run({ positionals: [id, ...more], values, connect, out }) {
    if (more.length > 0) throw new UsageError('Usage: hob approvals [--all] | APPROVAL_ID');
    if (id !== undefined) requireId('approval', id, 'hob approvals --all');
    const client = await connect();
    if (id !== undefined) {
      const { approval } = await client.request('approval.get', { approval_id: id });
      out.result(approval, JSON.stringify(approval, null, 2));
      return exitCodes.done;
    }
    const status =
      values['all'] === true
        ? (['pending', 'held', 'approved', 'denied', 'expired', 'cancelled'] as const)
        : undefined;
    const { approvals, total } = await client.request('approval.list', {
      ...(status === undefined ? {} : { status: [...status] }),
      limit: 500,
    });
    if (out.json) for (const approval of approvals) out.result(approval, '');
    else out.say(textOf(approvals, total));
    return exitCodes.done;
  },
};

function textOf(approvals: readonly ApprovalView[], total: number): string {
  if (approvals.length === 0) return 'Nothing waits for an answer.';
  const rows = approvals.map((one) => [
    one.approval_id,
    one.danger ? `${one.status} (danger)` : one.status,
    plain(one.requester.proven ? one.requester.display : `calls itself ${one.requester.display}`),
    plain(one.explanation.effect).slice(0, 100),
    one.expires_at === null ? '' : `until ${one.expires_at}`,
  ]);
  const more = total > approvals.length ? `\n… ${total - approvals.length} more` : '';
  return table(rows) + more;
}
