import type { JsonObject } from '#schema/envelope/json.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import { hookedAgents, isHookedAgent, type HookedAgent } from '#schema/views/hooked-agents.ts';

export { hookedAgents, isHookedAgent, type HookedAgent };

/** `permission_request` is an agent about to show its own prompt for a call that `pre_tool_use` saw already. */
export type HookEvent = 'pre_tool_use' | 'permission_request';

/** One tool call of an agent, read from what the agent gave its hook on stdin. */
export interface HookRequest {
  readonly agent: HookedAgent;
  readonly event: HookEvent;
  readonly tool_name: string;
  readonly tool_use_id?: string;
  readonly session_id?: string;
  readonly turn_id?: string;
  readonly cwd: string;
  readonly input: JsonObject;
  readonly call: ActionCall;
  /** True for tools that only look, by our own table; nothing the agent says can set it. */
  readonly read_only_hint: boolean;
  /**
   * What makes two firings the same call. Out of `parse` this is the whole text; `runHook` turns it
   * into a short key (see question-key.ts) before anyone else sees it.
   */
  readonly dedupe_key: string;
  /** Answered without asking: Hob's own tools, gated in the server already, or a call Hob never allows. */
  readonly settled?: HookOutcome;
  /**
   * A tool that touches nothing outside the agent (a to-do list, a question to its user). Hob says
   * nothing, as if it had no hook there: an `allow` would skip a prompt that is the tool's purpose.
   */
  readonly not_gated?: true;
}

/** The only two answers an agent gets: `ask` is ignored by some (the tool runs) and hangs others. */
export interface HookOutcome {
  readonly decision: 'allow' | 'deny';
  /** A sentence for the agent and its user. Never empty: an empty reason makes some agents run the tool. */
  readonly reason: string;
}

export type Parsed =
  | { readonly ok: true; readonly request: HookRequest }
  | { readonly ok: false; readonly reason: string };

/** Exactly what the hook process prints and how it ends. */
export interface HookAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

/** One agent's dialect, both ways. Pure: text in, text out. */
export interface AgentAdapter {
  readonly agent: HookedAgent;
  /** How long the agent waits for its hook, as Hob installs it, in seconds. */
  readonly limitSeconds: number;
  /** What says "none of my business" (`not_gated`), for an agent that takes silence for a failure. */
  readonly silence?: HookAnswer;
  /**
   * `event` is the one named on the command line, for agents whose input may not say.
   * Never throws; `reason` is a sentence that quotes nothing from the input.
   */
  parse(stdin: string, event?: string): Parsed;
  /** `request` is missing when the input could not be read: then the answer is a deny whatever `outcome` says. */
  render(outcome: HookOutcome, request: HookRequest | undefined): HookAnswer;
}
