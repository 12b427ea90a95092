import type { Principal } from '#schema/envelope/principal.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import type { CallFacts } from './core/facts.ts';

/** Finds out what the pure policy needs to know about a call: its hash, words and places. */
export interface FactGatherer {
  gather(subject: {
    call: ActionCall;
    principal: Principal;
    workspace_id: string;
  }): Promise<CallFacts>;
}

/** What the open windows say about a workspace. */
export interface WorkspaceFacts {
  /** Null when no window of it is open. */
  trusted(workspaceId: string): boolean | null;
  /** Absolute paths of its folders; empty when no window of it is open. */
  folders(workspaceId: string): readonly string[];
  /** The workspace whose folder holds `path`, or null. */
  workspaceOf(path: string): string | null;
}

/** Hashes and signatures; behind a port so that the rest stays free of `node:crypto`. */
export interface Crypto {
  /** Lower-case hex. */
  sha256(text: string): string;
  /** Ed25519; keys and signatures base64url, raw. False for anything malformed. */
  verify(publicKey: string, text: string, signature: string): boolean;
}
