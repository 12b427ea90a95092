/**
 * What `hob hook AGENT` does between stdin and exit. Everything that goes wrong ends as a deny in
 * the agent's own dialect, and nothing but that answer is ever printed. Keep the imports of this
 * file few and small: an agent starts it for every single tool call.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '#host/kernel/clock.ts';
import { agentAdapters } from './core/adapter.ts';
import type {
  AgentAdapter,
  HookAnswer,
  HookedAgent,
  HookOutcome,
  HookRequest,
} from './core/hook-request.ts';
import { questionKey } from './core/question-key.ts';
import type { GatePort } from './ports.ts';

export interface RunHookOptions {
  readonly agent: HookedAgent;
  /** The event named on the command line, for input that does not say. */
  readonly event?: string;
  readonly stdin: string;
  readonly gate: GatePort;
  readonly clock: Clock;
  /** When to give up and deny; `hookDeadlineMs(agent)` unless another limit was installed. */
  readonly deadlineMs?: number;
}

/** Answers this much before the agent's own limit: agents kill a late hook and run the tool. */
const MARGIN_SECONDS = 5;

/** `limitSeconds`: what the agent's configuration says, when it is not what Hob installs. */
export const hookDeadlineMs = (
  agent: HookedAgent,
  limitSeconds: number = agentAdapters[agent].limitSeconds,
): number => Math.max(limitSeconds - MARGIN_SECONDS, limitSeconds / 2) * 1000;

/** Never rejects and never outlives the deadline. */
export async function runHook(options: RunHookOptions): Promise<HookAnswer> {
  const adapter = agentAdapters[options.agent];
  let request: HookRequest | undefined;
  try {
    const parsed = adapter.parse(options.stdin, options.event);
    if (!parsed.ok)
      return adapter.render(deny(`${parsed.reason} Hob stopped the call.`), undefined);
    request = withShortKey(parsed.request);
    if (request.not_gated === true) return adapter.silence ?? { stdout: '', stderr: '', exit: 0 };
    return adapter.render(request.settled ?? (await askInTime(request, options)), request);
  } catch {
    return safely(adapter, request);
  }
}

/** Reading the answer failed in an unforeseen way: the plainest deny there is. */
function safely(adapter: AgentAdapter, request: HookRequest | undefined): HookAnswer {
  try {
    return adapter.render(deny(NO_ANSWER), request);
  } catch {
    return { stdout: '', stderr: `${NO_ANSWER}\n`, exit: 2 };
  }
}

const NO_ANSWER =
  'Hob could not be asked, so this call was stopped. Is its host running? Try: hob diagnose';

async function askInTime(request: HookRequest, options: RunHookOptions): Promise<HookOutcome> {
  const { gate, clock } = options;
  const deadlineMs = options.deadlineMs ?? hookDeadlineMs(options.agent);
  const controller = new AbortController();
  const late = Promise.withResolvers<HookOutcome>();
  const cancelTimer = clock.timer(deadlineMs, () => {
    late.resolve(
      deny(`Nobody answered within ${Math.round(deadlineMs / 1000)} s, so this call was stopped.`),
    );
    controller.abort();
  });
  const ask = async () => gate.ask(request, controller.signal);
  const asked = ask().catch(() => deny(NO_ANSWER));
  try {
    return checked(await Promise.race([asked, late.promise]));
  } finally {
    cancelTimer();
    controller.abort();
  }
}

/** Only a plain `allow` allows; a gate that answers anything else has broken its word. */
function checked(outcome: HookOutcome): HookOutcome {
  const reason =
    typeof outcome?.reason === 'string' && outcome.reason.trim() !== '' ? outcome.reason : null;
  if (outcome?.decision === 'allow')
    return { decision: 'allow', reason: reason ?? 'Hob allowed this call.' };
  return deny(reason ?? 'Hob denied this call.');
}

const deny = (reason: string): HookOutcome => ({ decision: 'deny', reason });

const withShortKey = (request: HookRequest): HookRequest => ({
  ...request,
  dedupe_key: questionKey(request.dedupe_key, request.tool_use_id, sha256),
});

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
