import type { ApprovalView } from '#schema/views/approval.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { approvalsProjection } from '#host/policy/projections.ts';
import type { EventStore } from '#host/store/ports.ts';

const isOpen = (approval: ApprovalView): boolean =>
  approval.status === 'pending' || approval.status === 'held';

/** Waits for an approval to be settled: resolves with it then, after `ms`, or on abort; null when there is none. */
export const approvalWaiter =
  (store: EventStore, clock: Clock) =>
  async (approvalId: string, ms: number, signal: AbortSignal): Promise<ApprovalView | null> => {
    let wake = (): void => {};
    const changed = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const settled = (type: string): boolean =>
      type !== 'approval.held' && type !== 'approval.released' && type !== 'approval.requested';
    const stopListening = store.onAppended((events) => {
      if (
        events.some(
          (e) =>
            e.stream.stream_type === 'approval' &&
            e.stream.stream_id === approvalId &&
            settled(e.event_type),
        )
      )
        wake();
    });
    const cancelTimer = clock.timer(ms, wake);
    signal.addEventListener('abort', wake, { once: true });
    try {
      const approval = await store.document(approvalsProjection, approvalId);
      if (approval === null || !isOpen(approval) || ms === 0) return approval;
      await changed;
      return await store.document(approvalsProjection, approvalId);
    } finally {
      stopListening();
      cancelTimer();
      signal.removeEventListener('abort', wake);
    }
  };
