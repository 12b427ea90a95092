import type { RuntimeStatus } from '#schema/commands/runtime.ts';
import type { Principal, Role } from '#schema/envelope/principal.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';

/** Who said it, and over which connection; as the router knows it. */
export interface Speaker {
  principal: Principal;
  role: Role;
  connection_id: string;
  /** Aborted when the connection closes: nobody waits for the answer any more. */
  closed: AbortSignal;
  workspace_id: string;
  correlation_id: string;
  causation_id: string | null;
  idempotency_key: string | null;
}

/** What the editor windows of a workspace say about it. */
export interface Workspaces {
  /** The workspace a sentence belongs to: that of the named window, else what the caller said, else the last focused window's. */
  resolve(workspaceId: string, windowId: string | undefined): string;
  /** Names of its tasks; empty when no window is open. */
  tasks(workspaceId: string): readonly string[];
  /** Titles of its editor's commands; the same array until they change. */
  commands(workspaceId: string): readonly string[];
}

/** Turns the kill switch on and stops what executes. There is no port for turning it off. */
export interface KillSwitch {
  turnOn(reason: string, by: Principal): Promise<void>;
}

export interface StatusSource {
  status(): Promise<RuntimeStatus>;
}

/** Those of the stored events that an agent may see; people see everything. */
export type VisibleAmong = (
  principal: Principal,
  events: readonly StoredEvent[],
) => Promise<StoredEvent[]>;
