import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import { endedRunStatuses, type RunStatus, type RunView } from '#schema/views/run.ts';
import { printedText } from '#schema/views/printed.ts';
import { dataOf } from '#schema/views/approval-fold.ts';
import type { RunLine } from './model.ts';

const numberOr = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** More of an output is read in a terminal. */
const PRINTED = 4_000;

/** The beginning of an output, and of one that failed the end, which says why. */
export function printedPart(result: JsonObject | null): string | null {
  const text = printedText(result);
  if (text === null || text.length <= PRINTED) return text;
  return numberOr(result?.['exit_code']) === 0
    ? `${text.slice(0, PRINTED)}…`
    : `…${text.slice(-PRINTED)}`;
}

const ending = (
  result: JsonObject | null,
): Pick<RunLine, 'duration_ms' | 'exit_code' | 'printed'> => ({
  duration_ms: numberOr(result?.['duration_ms']),
  exit_code: numberOr(result?.['exit_code']),
  printed: printedPart(result),
});

/** What the panel keeps of a run. */
export const runLine = (run: RunView): RunLine => ({
  run_id: run.run_id,
  status: run.status,
  runner: run.runner,
  call: run.call,
  who: run.principal.display,
  who_id: run.principal.id,
  error: run.error?.message ?? null,
  ...ending(run.result),
});

const statusAfter: Readonly<Record<string, RunStatus>> = {
  'run.waiting': 'waiting_for_approval',
  'run.queued': 'queued',
  'run.resumed': 'running',
  'run.started': 'running',
  'run.succeeded': 'succeeded',
  'run.failed': 'failed',
  'run.denied': 'denied',
  'run.cancelled': 'cancelled',
  'run.interrupted': 'interrupted',
};

/**
 * A run after one more of its events; null while its first event is unknown. What has ended stays so:
 * snapshots and events may overlap.
 */
export function evolveRun(run: RunLine | null, event: StoredEvent): RunLine | null {
  const created = dataOf(event, 'run.created');
  if (created !== null) {
    if (run !== null) return run;
    return {
      run_id: created.run_id,
      status: 'queued',
      runner: created.runner,
      call: created.call,
      who: created.principal.display,
      who_id: created.principal.id,
      duration_ms: null,
      exit_code: null,
      error: null,
      printed: null,
    };
  }
  const status = statusAfter[event.event_type];
  if (run === null || status === undefined || endedRunStatuses.includes(run.status)) return run;
  const failed = dataOf(event, 'run.failed');
  const result = dataOf(event, 'run.succeeded')?.result ?? failed?.result ?? null;
  return {
    ...run,
    status,
    error: failed?.error.message ?? run.error,
    ...(result === null ? {} : ending(result)),
  };
}
