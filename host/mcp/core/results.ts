import * as z from 'zod';
import { endedRunStatuses, type RunView } from '#schema/views/run.ts';

/** Of each stream, to an agent: its model reads every byte. The run keeps more, and says so. */
const OUTPUT_CHARACTERS = 48 * 1024;

const nullable = <S extends z.ZodType>(schema: S) => schema.nullable();

/** What an agent is told about a command. */
export const commandResultSchema = z.object({
  status: z.enum(['succeeded', 'failed', 'denied', 'pending', 'cancelled', 'interrupted']),
  run_id: z.string(),
  approval_id: nullable(z.string()),
  reason_code: z.string(),
  reason: z.string(),
  exit_code: nullable(z.number()).describe('').optional(),
  signal: nullable(z.string()).optional(),
  stdout: z.string().describe('').optional(),
  stderr: z.string().describe('').optional(),
  truncated: z.boolean().describe('').optional(),
  duration_ms: z.number().optional(),
  next: z.string().optional(),
});

/** About any run. */
export const runResultSchema = commandResultSchema.extend({
  /** What a tool of another server answered. */
  answer: z.looseObject({}).describe('').optional(),
  /** With `read`: a piece of what was cut, and where the next one begins, if there is one. */
  piece: z.string().describe('').optional(),
  next_from: z.number().describe('').optional(),
});
export type RunResult = z.infer<typeof runResultSchema>;

/** What of a run can be read piece by piece. */
export const longParts = ['stdout', 'stderr', 'answer'] as const;
export type LongPart = (typeof longParts)[number];

/** Where the whole of it is: an artifact, or the run itself. Null: there is none of it. */
export function wholeOf(
  { result, runner }: RunView,
  part: LongPart,
): { artifact_id: string } | { text: string } | null {
  if (result === null || (part === 'answer') !== (runner === 'server')) return null;
  const id = result[part === 'answer' ? 'artifact_id' : `${part}_artifact`];
  if (typeof id === 'string') return { artifact_id: id };
  if (part === 'answer') return { text: JSON.stringify(result) };
  const text = result[part];
  return typeof text === 'string' ? { text } : null;
}

/** The artifacts of a run: what its agent may read beside it. */
export const artifactsOf = (run: RunView): string[] =>
  longParts.flatMap((part) => {
    const whole = wholeOf(run, part);
    return whole !== null && 'artifact_id' in whole ? [whole.artifact_id] : [];
  });

/** A run of which a piece of something long was read: how it ended, and the piece. */
export const pieceResult = (
  run: RunView,
  piece: { text: string; next_from: number | null },
): RunResult => {
  const { status, run_id, approval_id, reason_code, reason } = runResult(run);
  const { text, next_from } = piece;
  const more = next_from === null ? {} : { next_from };
  return { status, run_id, approval_id, reason_code, reason, piece: text, ...more };
};

const isPending = (run: RunView): boolean => !endedRunStatuses.includes(run.status);

/** A run as its agent may see it. */
export function runResult(run: RunView): RunResult {
  const pending = isPending(run);
  const output = outputOf(run);
  // Cut for the agent alone, or kept whole beside the run.
  const isCut =
    artifactsOf(run).length > 0 ||
    (output.truncated === true && run.result?.['truncated'] !== true);
  return {
    status: pending ? 'pending' : (run.status as RunResult['status']),
    run_id: run.run_id,
    approval_id: run.approval_id,
    ...reasonOf(run),
    ...output,
    ...(run.runner === 'server' && run.result !== null ? { answer: run.result } : {}),
    ...(pending
      ? {
          next: `${waitsFor(run)} Call get_run with run_id "${run.run_id}": it waits up to 45 seconds and gives the result. Do not send the same call again; it is carried out once, even if you stop waiting.`,
        }
      : isCut
        ? {
            next: `It was cut. get_run with read (${cutParts(run)}) and from: 0 gives all of it in pieces.`,
          }
        : {}),
  };
}

const cutParts = (run: RunView): string => (run.runner === 'server' ? 'answer' : 'stdout, stderr');

const waitsFor = (run: RunView): string =>
  run.status === 'waiting_for_approval'
    ? 'A person has to answer in the editor.'
    : 'It is running.';

function reasonOf(run: RunView): { reason_code: string; reason: string } {
  if (run.error !== null) return { reason_code: run.error.code, reason: run.error.message };
  if (run.policy.decision === 'require_approval' && run.status === 'succeeded')
    return { reason_code: 'approved', reason: 'A person approved it.' };
  return { reason_code: run.policy.reason_code, reason: run.policy.reason };
}

function outputOf({ result }: RunView): Partial<RunResult> {
  if (result === null || !('exit_code' in result)) return {};
  const [stdout, stderr] = [clip(result['stdout']), clip(result['stderr'])];
  return {
    exit_code: numberOr(result['exit_code']),
    signal: typeof result['signal'] === 'string' ? result['signal'] : null,
    stdout: stdout.text,
    stderr: stderr.text,
    truncated: result['truncated'] === true || stdout.clipped || stderr.clipped,
    duration_ms: numberOr(result['duration_ms']) ?? 0,
  };
}

const numberOr = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function clip(value: unknown): { text: string; clipped: boolean } {
  const text = typeof value === 'string' ? value : '';
  if (text.length <= OUTPUT_CHARACTERS) return { text, clipped: false };
  const half = OUTPUT_CHARACTERS / 2;
  return {
    text: `${text.slice(0, half)}\n[… ${text.length - OUTPUT_CHARACTERS} characters left out …]\n${text.slice(-half)}`,
    clipped: true,
  };
}

/** The same for models that only read text. */
export function runText(result: RunResult): string {
  const head = `${result.status}: ${result.reason} (${result.reason_code}) run_id ${result.run_id}${result.approval_id === null ? '' : ` approval_id ${result.approval_id}`}`;
  const end =
    result.exit_code === undefined
      ? null
      : `exit code ${result.exit_code ?? 'none'}${result.signal ? `, ended by ${result.signal}` : ''}`;
  return [
    head,
    end,
    result.next,
    section('stdout', result.stdout),
    section('stderr', result.stderr),
    section('answer', answerText(result.answer)),
  ]
    .filter((part) => part !== null && part !== undefined)
    .join('\n');
}

/** The text parts of an answer; the data as JSON where there are none. */
function answerText(answer: RunResult['answer']): string | undefined {
  if (answer === undefined) return undefined;
  const content = Array.isArray(answer['content']) ? answer['content'] : [];
  const parts = content.map((part) => {
    const text = (part as { text?: unknown } | null)?.text;
    return typeof text === 'string' ? text : JSON.stringify(part);
  });
  return parts.length > 0 ? parts.join('\n') : JSON.stringify(answer['structured'] ?? null);
}

const section = (name: string, text: string | undefined): string | null =>
  text === undefined || text === '' ? null : `--- ${name}\n${text}`;

/** What an agent is told that asked about a call of its own. */
export const askResultSchema = z.object({
  decision: z.enum(['allow', 'deny', 'pending']),
  reason_code: z.string(),
  reason: z.string(),
  run_id: z.string(),
  approval_id: nullable(z.string()),
  next: z.string().optional(),
});
export type AskResult = z.infer<typeof askResultSchema>;

/** Only a run that ended well allows; everything that is not settled is pending, and the rest is no. */
export function askResult(run: RunView): AskResult {
  const decision = run.status === 'succeeded' ? 'allow' : isPending(run) ? 'pending' : 'deny';
  return {
    decision,
    ...reasonOf(run),
    run_id: run.run_id,
    approval_id: run.approval_id,
    ...(decision === 'pending'
      ? {
          next: 'A person has to answer in the editor. Do nothing yet: call get_approval with the approval_id and wait_ms until its status is approved or denied.',
        }
      : {}),
  };
}
