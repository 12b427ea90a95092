import type { DomainEventData, DomainEventType } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { endedRunStatuses, type RunView } from '#schema/views/run.ts';

type Data<T extends DomainEventType> = DomainEventData<T>;

export const hasEnded = (run: RunView): boolean => endedRunStatuses.includes(run.status);

const created = (event: StoredEvent): RunView => ({
  ...(event.data as unknown as Data<'run.created'>),
  workspace_id: event.workspace_id,
  status: 'queued',
  approval_id: null,
  tool_call_id: null,
  correlation_id: event.correlation_id,
  created_at: event.occurred_at,
  started_at: null,
  ended_at: null,
  result: null,
  error: null,
});

const ended = (run: RunView, event: StoredEvent, change: Partial<RunView>): RunView => ({
  ...run,
  ended_at: event.occurred_at,
  ...change,
});

/** How a refusal looks on the run: its stable reason as the error's code. */
const refusal = (code: string, message: string): RunView['error'] => ({
  code,
  message,
  retryable: false,
});

/** The run after one more event of its stream. An ended run never changes again. */
export function evolveRun(run: RunView | null, event: StoredEvent): RunView | null {
  if (event.event_type === 'run.created') return created(event);
  if (run === null || hasEnded(run)) return run;
  switch (event.event_type) {
    case 'run.waiting':
      return {
        ...run,
        status: 'waiting_for_approval',
        approval_id: (event.data as unknown as Data<'run.waiting'>).approval_id,
      };
    case 'run.queued':
      return { ...run, status: 'queued' };
    case 'run.resumed':
      return { ...run, status: 'running' };
    case 'run.started':
      return {
        ...run,
        status: 'running',
        started_at: event.occurred_at,
        tool_call_id: (event.data as unknown as Data<'run.started'>).tool_call_id,
      };
    case 'run.succeeded':
      return ended(run, event, {
        status: 'succeeded',
        result: (event.data as unknown as Data<'run.succeeded'>).result,
      });
    case 'run.failed': {
      const data = event.data as unknown as Data<'run.failed'>;
      return ended(run, event, { status: 'failed', error: data.error, result: data.result });
    }
    case 'run.denied': {
      const data = event.data as unknown as Data<'run.denied'>;
      return ended(run, event, { status: 'denied', error: refusal(data.reason_code, data.reason) });
    }
    case 'run.cancelled':
      return ended(run, event, {
        status: 'cancelled',
        error: refusal('cancelled', (event.data as unknown as Data<'run.cancelled'>).reason),
      });
    case 'run.interrupted':
      return ended(run, event, {
        status: 'interrupted',
        error: refusal('interrupted', (event.data as unknown as Data<'run.interrupted'>).reason),
      });
    default:
      return run;
  }
}
