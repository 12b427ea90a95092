import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { canonicalJson } from '#schema/envelope/canonical.ts';
import type { JsonValue } from '#schema/envelope/json.ts';
import { nodeDigests } from '../adapters/digests.ts';
import { commitTo, linkHash, metaText, type EventMeta } from './chain.ts';
import { eventIdAt, seqOfEventId } from './event-id.ts';

const meta: EventMeta = {
  seq: 7,
  event_id: '01930000-0000-7abc-8def-000000000007',
  event_type: 'turn.started',
  event_version: 1,
  stream: { stream_type: 'turn', stream_id: 't1', stream_seq: 2 },
  workspace_id: 'ws_dev',
  room_id: 'room_dev',
  actor: { kind: 'user', id: 'user', display: 'you', role: 'panel', proven: true },
  occurred_at: '2026-01-31T12:00:00.000Z',
  recorded_at: '2026-01-31T12:00:00.000Z',
  correlation_id: 'c1',
  causation_id: null,
  run_id: null,
  zone: 'supervised',
  idempotency_key: null,
  redaction_level: 'none',
  contains_secrets: false,
};

/** The text as docs/contract.md describes it, without the shortcut. */
const described = (event: EventMeta): string =>
  canonicalJson(
    Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null)) as JsonValue,
  );

describe('the hash chain', () => {
  it('[A-36] hashes the RFC 8785 text of the meta, without fields that are null', () => {
    assert.equal(metaText(meta), described(meta));
    const text = fc.string({ unit: 'grapheme' });
    const some = fc.record({
      correlation_id: text,
      causation_id: fc.option(text),
      run_id: fc.option(text),
      idempotency_key: fc.option(text),
      event_type: text,
      seq: fc.nat(),
      contains_secrets: fc.boolean(),
    });
    fc.assert(
      fc.property(some, text, (fields, id) => {
        const event = { ...meta, ...fields, actor: { ...meta.actor, id } };
        assert.equal(metaText(event), described(event));
      }),
    );
  });

  it('[A-36] links 2 ‖ previous ‖ SHA-256(meta) ‖ HMAC-SHA-256(salt, content)', () => {
    const previous = Buffer.alloc(32, 1);
    const salt = Buffer.alloc(32, 2);
    const content = '{"text":"hello"}';
    const commitment = createHmac('sha256', salt).update(content).digest();
    const expected = createHash('sha256')
      .update(Buffer.from([2]))
      .update(previous)
      .update(createHash('sha256').update(described(meta)).digest())
      .update(commitment)
      .digest('hex');
    assert.deepEqual(Buffer.from(commitTo(nodeDigests, salt, content)), commitment);
    assert.equal(
      nodeDigests.hex(linkHash(nodeDigests, previous, metaText(meta), commitment)),
      expected,
    );
    // Frozen: a change of this number makes every existing database fail to verify.
    assert.equal(expected, 'b6c249c056276debd137c91b699f8fcea47fd12bdf5053bd1c7c2b0a40c2a1a7');
  });

  it('[A-38] gives every event an id that is a UUID, grows with time and leads back to its seq', () => {
    const random = '123e4567-e89b-42d3-a456-426614174000';
    const id = eventIdAt(258, Date.UTC(2026, 0, 1), random);
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(seqOfEventId(id), 258);
    assert.ok(id < eventIdAt(259, Date.UTC(2026, 0, 1) + 1, random));
    assert.equal(seqOfEventId('nothing'), null);
    assert.equal(seqOfEventId('123e4567-e89b-42d3-a456-000000000000'), null);
  });
});
