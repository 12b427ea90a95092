import { taskDraftSchema, type TaskDraft } from '#schema/views/task.ts';
import { UsageError, type CliContext } from '../command.ts';

/** Options of `hob schedule after`. */
export const afterOptions = {
  if: { type: 'string' },
  delay: { type: 'string' },
  remind: { type: 'boolean' },
} as const;

/** A schedule that comes after events, from `EVENT SENTENCE` and the options. Throws UsageError. */
export function draftAfter(words: readonly string[], values: CliContext['values']): TaskDraft {
  const [event_type, ...said] = words;
  const text = said.join(' ').trim();
  if (event_type === undefined || text === '')
    throw new UsageError(
      'Usage: hob schedule after EVENT SENTENCE, e.g. after run.failed "run the tests"',
    );
  const action =
    values['remind'] === true ? { kind: 'reminder', message: text } : { kind: 'sentence', text };
  const delay = Number(values['delay'] ?? 0);
  if (!Number.isInteger(delay) || delay < 0)
    throw new UsageError('--delay takes whole seconds, e.g. --delay 60.');
  const draft = taskDraftSchema.safeParse({
    name: text.slice(0, 128),
    trigger: { kind: 'event', event_type, where: conditions(values['if']), delay_seconds: delay },
    action,
  });
  if (draft.success) return draft.data;
  const [issue] = draft.error.issues;
  throw new UsageError(`${issue?.path.join('.') ?? 'The schedule'}: ${issue?.message ?? ''}`);
}

/** `outcome=failed,attempt=1`; numbers, true, false and null are what they look like. */
function conditions(text: unknown): Record<string, unknown> {
  if (typeof text !== 'string') return {};
  return Object.fromEntries(
    text.split(',').map((one) => {
      const at = one.indexOf('=');
      if (at < 1) throw new UsageError('--if takes FIELD=VALUE, e.g. --if outcome=failed.');
      return [one.slice(0, at).trim(), valueOf(one.slice(at + 1).trim())];
    }),
  );
}

function valueOf(text: string): unknown {
  return /^(true|false|null|-?\d+(\.\d+)?)$/.test(text) ? (JSON.parse(text) as unknown) : text;
}
