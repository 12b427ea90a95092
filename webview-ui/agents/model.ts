import type { WireError } from '#schema/envelope/errors.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { RunView } from '#schema/views/run.ts';

/** What an agent did that is unfolded. */
export interface OpenDeed {
  readonly run_id: string;
  /** What the record holds of it, oldest first; null until it was read. */
  readonly events: readonly StoredEvent[] | null;
}

/** The agent that is unfolded. */
export interface OpenAgent {
  readonly agent_id: string;
  /** What it did, newest first, as far as it was read; null before that. */
  readonly deeds: readonly RunView[] | null;
  /** Older ones are there. */
  readonly more: boolean;
  readonly unread: WireError | null;
  readonly deed: OpenDeed | null;
  /** Revoke was pressed once. */
  readonly revoking: boolean;
}

/** What the agents tab knows beside the state of the panel. */
export interface AgentsState {
  readonly open: OpenAgent | null;
  /** What became of the last act: said once, replaced by the next. */
  readonly said: { readonly text: string; readonly error: boolean } | null;
}

export const initialAgents: AgentsState = { open: null, said: null };
