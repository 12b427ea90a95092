import { HobError } from '#host/kernel/errors.ts';
import type { StreamRef } from '#schema/events/stored-event.ts';
import type { ExpectedVersion } from '../ports.ts';

/** Throws `version_conflict` unless the stream, now at `actual` (0 = does not exist), is where `expected` says. */
export function requireVersion(stream: StreamRef, expected: ExpectedVersion, actual: number): void {
  if (expected === 'any') return;
  const wanted = expected === 'no_stream' ? 0 : expected;
  if (wanted === actual) return;
  throw new HobError('version_conflict', {
    details: { stream_type: stream.stream_type, stream_id: stream.stream_id, expected, actual },
  });
}
