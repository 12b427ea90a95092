import type { Transport } from '@modelcontextprotocol/client';
import type { Isolation } from '#schema/views/server.ts';

/** What a session goes over, with everything that was started for it. */
export interface Channel {
  readonly transport: Transport;
  readonly pid: number | null;
  /** Why it ended, in words; null while it stands. */
  readonly reason: string | null;
  readonly isolation: Isolation;
  /** Its tools may change without a word of it. */
  readonly mayChangeUnseen: boolean;
  /** Ends it. Also before a session was opened, and twice. */
  close(): Promise<void>;
}
