import type { Principal } from '#schema/envelope/principal.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import type { GrantView } from '#schema/views/grant.ts';
import type { CapabilityLimit } from './capability.ts';
import type { CommandStep } from './commands.ts';
import type { Place } from './places.ts';
import type { Preset } from './table.ts';

/** What is known about a call before it is judged; gathered by the service, so that judging is pure. */
export interface CallFacts {
  call: ActionCall;
  call_hash: string;
  principal: Principal;
  workspace_id: string;
  /** Null when no window of the workspace is open to say. */
  trusted: boolean | null;
  /** Every program that it starts; null when that cannot be told for sure, or when it starts none. */
  steps: readonly CommandStep[] | null;
  /** The words when it is exactly one program, which is what a standing permission may cover; else null. */
  argv: readonly string[] | null;
  /** Where every path of the call leads, after symlinks: `paths` and the words that name files. */
  places: readonly { path: string; place: Place }[];
  /** Where it would run; null when the call has no folder. */
  cwd_place: Place | null;
}

/** The state of the gate at the moment of judging. */
export interface GateState {
  kill_switch: boolean;
  stopped: boolean;
  preset: Preset;
  grants: readonly GrantView[];
  /** What the asker's token is good for; null for who needs none. */
  capability: CapabilityLimit | null;
  /** Milliseconds since 1970. */
  now: number;
}
