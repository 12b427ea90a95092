import type { WireError } from '../envelope/errors.ts';
import type { JsonObject } from '../envelope/json.ts';

/** A refusal that came from the host, as it came. `code` is one of `wireErrors`, or one of a newer host. */
export class HostCallError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly details: JsonObject | undefined;

  constructor(wire: WireError) {
    super(wire.message);
    this.name = 'HostCallError';
    this.code = wire.code;
    this.retryable = wire.retryable;
    this.retryAfterMs = wire.retry_after_ms;
    this.details = wire.details;
  }

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

const linkErrors = {
  host_unreachable: { retryable: true, message: 'No host answers here.' },
  host_not_proven: {
    retryable: true,
    message: 'What answers does not hold the key of this host, so nothing was sent to it.',
  },
  host_start_failed: { retryable: false, message: 'The host could not be started.' },
  host_too_new: {
    retryable: false,
    message: 'The host that runs here is newer than this client; update it.',
  },
  unsafe_files: {
    retryable: false,
    message: "The host's files can be read or written by somebody else, so they are not trusted.",
  },
  link_closed: { retryable: true, message: 'The connection to the host closed.' },
  request_timeout: { retryable: true, message: 'The host did not answer in time.' },
  request_aborted: { retryable: false, message: 'The caller stopped waiting.' },
  request_too_large: { retryable: false, message: 'The request is over 1 MiB.' },
  queue_full: { retryable: true, message: 'Too many requests wait for this connection.' },
  bad_reply: { retryable: false, message: 'The host sent something that is not in the contract.' },
} as const;
export type LinkErrorCode = keyof typeof linkErrors;

/** Something went wrong on this side of the wire. Never sent. */
export class LinkError extends Error {
  readonly code: LinkErrorCode;
  readonly retryable: boolean;

  constructor(code: LinkErrorCode, options: { message?: string; cause?: unknown } = {}) {
    super(
      options.message ?? linkErrors[code].message,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'LinkError';
    this.code = code;
    this.retryable = linkErrors[code].retryable;
  }
}

/** Code, sentence and the rest of any failure of a call, in one shape for people and `--json`. */
export function describeFailure(thrown: unknown): WireError {
  if (thrown instanceof HostCallError) return thrown.toWire();
  if (thrown instanceof LinkError) {
    return { code: thrown.code, message: thrown.message, retryable: thrown.retryable };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'client_error', message, retryable: false };
}
