import * as z from 'zod';
import { endedRunStatuses, type RunView } from '#schema/views/run.ts';

/** Of each stream, to an agent: its model reads every byte. The run keeps more, and says so. */
const OUTPUT_CHARACTERS = 48 * 1024;

const nullable = <S extends z.ZodType>(schema: S) => schema.nullable();

/** What an agent is told about a run. */
export const runResultSchema = z.object({
  status: z.enum(['succeeded', 'failed', 'denied', 'pending', 'cancelled', 'interrupted']),
  run_id: z.string(),
  approval_id: nullable(z.string()),
  reason_code: z.string(),
  reason: z.string(),
  exit_code: nullable(z.number()).optional(),
  signal: nullable(z.string()).optional(),
  stdout: z.string().optional(),
  stderr: z.string().optional(),
  truncated: z.boolean().optional(),
  duration_ms: z.number().optional(),
  /** What a tool of another server answered. */
  answer: z.looseObject({}).optional(),
  next: z.string().optional(),
});
export type RunResult = z.infer<typeof runResultSchema>;

const isPending = (run: RunView): boolean => !endedRunStatuses.includes(run.status);

/** A run as its agent may see it. */
export function runResult(run: RunView): RunResult {
  const pending = isPending(run);
  return {
    status: pending ? 'pending' : (run.status as RunResult['status']),
    run_id: run.run_id,
    approval_id: run.approval_id,
    ...reasonOf(run),
    ...outputOf(run),
    ...(run.runner === 'server' && run.result !== null ? { answer: run.result } : {}),
    ...(pending
      ? {
          next: `${waitsFor(run)} Call get_run with run_id "${run.run_id}": it waits up to 45 seconds and gives the result. Do not send the same call again; it is carried out once, even if you stop waiting.`,
        }
      : {}),
  };
}

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
