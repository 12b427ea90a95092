import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { eventSchema, requestSchema, responseSchema } from '../envelope/envelope.ts';
import { isEvent, isRequest, isResponse } from './check-envelope.ts';

const uuid = 'b9c1d3a4-6f5e-4d2c-8b7a-0123456789ab';
const error = { code: 'not_found', message: 'There is nothing.', retryable: false };
/** One good value for each field; the generator puts bad ones among them. */
const good: Record<string, unknown> = {
  v: 1,
  request_id: uuid,
  event_id: uuid,
  command: 'host.ping',
  event: 'event.appended',
  payload: { a: [1, null, 'x'] },
  workspace_id: 'ws_dev',
  correlation_id: 'c',
  causation_id: 'd',
  idempotency_key: 'k',
  ok: true,
  error,
  seq: 1,
};
const odd = fc.constantFrom<unknown>(
  undefined,
  null,
  true,
  false,
  0,
  1,
  2,
  -1,
  1.5,
  '',
  'x',
  'x'.repeat(64),
  'x'.repeat(65),
  'x'.repeat(128),
  'x'.repeat(129),
  uuid,
  uuid.toUpperCase(),
  `${uuid}0`,
  '00000000-0000-0000-0000-000000000000',
  'ws_',
  'ws_a',
  `ws_${'a'.repeat(65)}`,
  'ws_ä',
  [],
  {},
  { a: 1 },
  { ...error, retryable: 1 },
  { ...error, code: '' },
  { ...error, retry_after_ms: 5 },
  { ...error, retry_after_ms: -5 },
  { ...error, details: { a: 1 } },
  { ...error, details: [] },
);
const field = (name: string): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(good[name]) }, { weight: 1, arbitrary: odd });

const envelope = fc
  .record(Object.fromEntries(Object.keys(good).map((name) => [name, field(name)])), {
    requiredKeys: ['v', 'payload'],
  })
  .map(
    (value) =>
      // What comes off the wire has no `undefined` and nothing that JSON lacks.
      JSON.parse(JSON.stringify(value)) as unknown,
  );
const anything = fc.oneof(
  { weight: 8, arbitrary: envelope },
  { weight: 1, arbitrary: fc.jsonValue() },
);

describe('the plain envelope checks', () => {
  const pairs = [
    ['request', isRequest, requestSchema],
    ['response', isResponse, responseSchema],
    ['event', isEvent, eventSchema],
  ] as const;
  for (const [name, check, schema] of pairs) {
    it(`[F-104] agree with the schema of a ${name}`, () => {
      let holding = 0;
      fc.assert(
        fc.property(anything, (value) => {
          const expected = schema.safeParse(value).success;
          holding += expected ? 1 : 0;
          assert.equal(check(value), expected, JSON.stringify(value));
        }),
        { numRuns: 5_000 },
      );
      assert.ok(holding > 200, `only ${holding} values were good ones`);
    });
  }
});
