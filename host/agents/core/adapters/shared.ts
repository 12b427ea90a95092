import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';
import { asText, parseObject, textField } from '../fields.ts';
import type {
  HookAnswer,
  HookedAgent,
  HookEvent,
  HookOutcome,
  HookRequest,
  Parsed,
} from '../hook-request.ts';
import { isOwnTool } from '../own-tools.ts';
import { questionText } from '../question-key.ts';
import { readToolCall, type ToolTable } from '../tool-calls.ts';

/** What an agent's payload calls the parts that all of them have. */
export interface Payload {
  readonly event: string | undefined;
  readonly tool: string | undefined;
  /** The tool's name as far as both firings of one call agree on it; `tool` when missing. */
  readonly comparableTool?: string | undefined;
  readonly input: JsonObject | undefined;
  readonly cwd: string | undefined;
  readonly session: string | undefined;
  readonly turn: string | undefined;
  readonly callId: string | undefined;
  /** Tells one firing from the next where the agent gives calls no id. */
  readonly once?: string | undefined;
  /** The input as far as both firings of one call agree on it; `input` when missing. */
  readonly comparable?: JsonObject;
}

export interface Dialect {
  readonly agent: HookedAgent;
  readonly tools: ToolTable;
  /** How tools of a server called "hob" begin; empty where the agent does not say which server a tool belongs to. */
  readonly ownTools: readonly string[];
  /** What the name of another server's tool looks like. */
  readonly mcpTools: RegExp;
  readonly events: Readonly<Record<string, HookEvent>>;
  read(body: JsonObject, eventArgument: string | undefined): Payload;
  /** A call of this agent that Hob answers by itself, always. */
  settle?(tool: string, input: JsonObject): HookOutcome | undefined;
}

const failed = (reason: string): Parsed => ({ ok: false, reason });

/** Reads one payload in the given dialect. Sentences name what is missing and quote nothing. */
export function parsePayload(
  dialect: Dialect,
  stdin: string,
  eventArgument: string | undefined,
): Parsed {
  const body = parseObject(stdin);
  if (body === undefined) return failed('The hook input is not a JSON object.');
  const payload = dialect.read(body, eventArgument);
  const event = dialect.events[payload.event ?? ''];
  if (event === undefined) return failed('The hook input names no event that Hob answers.');
  if (payload.tool === undefined || payload.tool.length > 128)
    return failed('The hook input names no tool.');
  if (payload.input === undefined) return failed('The hook input has no tool input.');
  if (payload.cwd === undefined) return failed('The hook input names no folder.');
  return toRequest(dialect, {
    ...payload,
    event,
    tool: payload.tool,
    input: payload.input,
    cwd: payload.cwd,
  });
}

type Complete = Omit<Payload, 'event' | 'tool' | 'input' | 'cwd'> & {
  readonly event: HookEvent;
  readonly tool: string;
  readonly input: JsonObject;
  readonly cwd: string;
};

function toRequest(dialect: Dialect, payload: Complete): Parsed {
  const { tool, input, cwd, session, turn, callId, once } = payload;
  const read = readToolCall(dialect, tool, input, cwd);
  if (typeof read === 'string') return failed(read);
  const settled = isOwnTool(tool, dialect.ownTools) ? OWN_TOOL : dialect.settle?.(tool, input);
  const request: HookRequest = {
    agent: dialect.agent,
    event: payload.event,
    tool_name: tool,
    cwd,
    input,
    call: read.call,
    read_only_hint: read.readOnly,
    dedupe_key: questionText({
      session,
      turn,
      tool: payload.comparableTool ?? tool,
      input: payload.comparable ?? input,
      once,
    }),
    ...(callId === undefined ? {} : { tool_use_id: callId }),
    ...(session === undefined ? {} : { session_id: session }),
    ...(turn === undefined ? {} : { turn_id: turn }),
    ...(settled === undefined ? {} : { settled }),
    ...(read.notGated === undefined ? {} : { not_gated: true }),
  };
  return { ok: true, request };
}

const OWN_TOOL: HookOutcome = {
  decision: 'allow',
  reason: "This is Hob's own tool; Hob asks when it is called.",
};

/** The `tool_input` of a payload; some runtimes hand it over as JSON text, or a patch as plain text. */
export function toolInput(body: JsonObject, ...names: readonly string[]): JsonObject | undefined {
  for (const name of names) {
    const value = body[name];
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    if (typeof value === 'string') return parseObject(value) ?? { input: value };
  }
  return undefined;
}

export { textField };

/** A moment that one agent writes as ISO 8601 and another in milliseconds, the same for both. */
export function momentText(value: JsonValue | undefined): string | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : value;
  return typeof ms === 'number' && Number.isFinite(ms) ? String(ms) : asText(value);
}

/** stderr must not be empty: with nothing on it Codex runs the tool. */
export const blocked = (reason: string, stdout = ''): HookAnswer => ({
  stdout,
  stderr: `${reason.trim() === '' ? 'Hob stopped this call.' : reason.trim()}\n`,
  exit: 2,
});

export const answered = (output: object): HookAnswer => ({
  stdout: `${JSON.stringify(output)}\n`,
  stderr: '',
  exit: 0,
});
