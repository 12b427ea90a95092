import { wireErrors, type WireError, type WireErrorCode } from '#schema/envelope/errors.ts';
import type { JsonObject } from '#schema/envelope/json.ts';

export interface HobErrorOptions {
  /** What to do next, when the code's own sentence is not exact enough. Never anything private. */
  message?: string;
  details?: JsonObject;
  cause?: unknown;
  retryAfterMs?: number;
}

/** The one exception that may cross the wire: a stable code, a sentence, whether trying again can help. */
export class HobError extends Error {
  readonly code: WireErrorCode;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly details: JsonObject | undefined;

  constructor(code: WireErrorCode, options: HobErrorOptions = {}) {
    const row: { retryable: boolean; retryAfterMs?: number; message: string } = wireErrors[code];
    super(
      options.message ?? row.message,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'HobError';
    this.code = code;
    this.retryable = row.retryable;
    this.retryAfterMs = options.retryAfterMs ?? row.retryAfterMs;
    this.details = options.details;
  }

  /** Its form on the wire. */
  toWire(): WireError {
    return {
      code: this.code,
      message: this.message,
      retryable: this.retryable,
      ...(this.retryAfterMs === undefined ? {} : { retry_after_ms: this.retryAfterMs }),
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}

/** What a client is told about any thrown thing: HobErrors as they are, everything else as `internal_error`. */
export const toWireError = (thrown: unknown): WireError =>
  thrown instanceof HobError
    ? thrown.toWire()
    : new HobError('internal_error', { cause: thrown }).toWire();
