/*
 * The envelope's zod schemas as plain checks. Every frame passes here, at both ends: zod's recursive
 * JSON type alone cost a third of a 1 KB round trip, and clients start three times faster without it.
 * What JSON.parse returned is JSON already, so a payload only has to be an object. A test compares
 * these with the schemas over generated input.
 */
import type { EventEnvelope, RequestEnvelope, ResponseEnvelope } from '../envelope/envelope.ts';
import { CONTRACT_VERSION } from '../envelope/version.ts';

type Fields = Record<string, unknown>;

/** The pattern of z.uuid(): RFC 9562, and the nil and max UUIDs. */
const UUID =
  /^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$/;
const WORKSPACE = /^ws_[A-Za-z0-9_-]{1,64}$/;

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isUuid = (value: unknown): value is string =>
  typeof value === 'string' && UUID.test(value);

const isText = (value: unknown, max: number): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= max;

const optionalText = (value: unknown, max: number): boolean =>
  value === undefined || isText(value, max);

/** The first field that keeps a value from being a request, in words; null when it is one. */
export function requestProblem(value: unknown): { path: string; message: string } | null {
  if (!isObject(value)) return { path: '', message: 'must be an object' };
  for (const [path, holds, message] of requestRules) {
    if (!holds(value[path])) return { path, message };
  }
  return null;
}

type Rule = readonly [field: string, holds: (value: unknown) => boolean, message: string];
const requestRules: readonly Rule[] = [
  ['v', (v) => v === CONTRACT_VERSION, `must be ${CONTRACT_VERSION}`],
  ['request_id', isUuid, 'must be a UUID'],
  ['command', (v) => isText(v, 64), 'must be text of 1 to 64 characters'],
  ['payload', isObject, 'must be an object'],
  [
    'workspace_id',
    (v) => v === undefined || (typeof v === 'string' && WORKSPACE.test(v)),
    'must be ws_ and 1 to 64 letters, digits, _ or -',
  ],
  ['correlation_id', (v) => optionalText(v, 128), 'must be text of 1 to 128 characters'],
  ['causation_id', (v) => optionalText(v, 128), 'must be text of 1 to 128 characters'],
  ['idempotency_key', (v) => optionalText(v, 128), 'must be text of 1 to 128 characters'],
];

export const isRequest = (value: unknown): value is RequestEnvelope =>
  requestProblem(value) === null;

/** A response of the host, good or bad. */
export function isResponse(value: unknown): value is ResponseEnvelope {
  if (!isObject(value) || value['v'] !== CONTRACT_VERSION) return false;
  if (value['ok'] === true) return isUuid(value['request_id']) && isObject(value['payload']);
  if (value['ok'] !== false) return false;
  return (value['request_id'] === null || isUuid(value['request_id'])) && isError(value['error']);
}

function isError(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { code, message, retryable, retry_after_ms: after, details } = value;
  return (
    isText(code, Infinity) &&
    typeof message === 'string' &&
    typeof retryable === 'boolean' &&
    (after === undefined || isCount(after)) &&
    (details === undefined || isObject(details))
  );
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

export function isEvent(value: unknown): value is EventEnvelope {
  if (!isObject(value) || value['v'] !== CONTRACT_VERSION) return false;
  const { event_id: id, event, payload, seq } = value;
  const seqHolds = seq === undefined || (isCount(seq) && seq > 0);
  return isUuid(id) && isText(event, 64) && isObject(payload) && seqHolds;
}
