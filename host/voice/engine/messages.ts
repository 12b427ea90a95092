/** What the host and a process with native code say to each other; typed arrays are copied as they are. */
export interface EngineRequest {
  id: number;
  op: string;
  args: unknown;
}

/** An answer has the id of its request; a notice has a name. */
export type EngineMessage =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; code: string; message: string }
  | { notice: string; body: unknown };

/** A failure that the other side can tell apart by `code`. */
export class EngineFailure extends Error {
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'EngineFailure';
    this.code = code;
  }
}

/** The process ended while something was asked of it. */
export const PROCESS_ENDED = 'process_ended';
