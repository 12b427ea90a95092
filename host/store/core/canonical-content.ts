import { canonicalJson } from '#schema/envelope/canonical.ts';
import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';

/** An event's data as it is stored, and what reading that text gives. */
export interface CanonicalContent {
  readonly text: string;
  readonly data: JsonObject;
}

/**
 * RFC 8785 text of an event's data; the same text as `canonicalJson`, three times as fast, since
 * JSON.stringify writes strings and numbers as the RFC asks and only the order of keys is ours.
 * Where that is not the whole story, `canonicalJson` does it. Throws TypeError or Error for what has
 * no JSON form.
 */
export function canonicalContent(data: JsonObject): CanonicalContent {
  const copy = sortedObject(data);
  if (copy !== UNUSUAL) return { text: JSON.stringify(copy), data: copy };
  const text = canonicalJson(data);
  return { text, data: JSON.parse(text) as JsonObject };
}

const UNUSUAL = Symbol('unusual');
/** Objects put such keys first, whenever they are added; and `__proto__` is no key to assign to. */
const UNUSUAL_KEY = /^(?:\d+|__proto__)$/;

function sorted(value: JsonValue): JsonValue | typeof UNUSUAL {
  // JSON knows no -0.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : UNUSUAL;
  if (typeof value === 'string') return value.isWellFormed() ? value : UNUSUAL;
  if (value === null || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return sortedArray(value);
  return typeof value === 'object' ? sortedObject(value) : UNUSUAL;
}

function sortedArray(value: readonly JsonValue[]): JsonValue | typeof UNUSUAL {
  const copy: JsonValue[] = [];
  for (const item of value) {
    const clean = sorted(item);
    if (clean === UNUSUAL) return UNUSUAL;
    copy.push(clean);
  }
  return copy;
}

function sortedObject(value: JsonObject): JsonObject | typeof UNUSUAL {
  if (typeof value['toJSON'] === 'function') return UNUSUAL;
  const copy: JsonObject = {};
  for (const key of Object.keys(value).toSorted()) {
    const member = value[key];
    if (member === undefined) continue;
    const clean = UNUSUAL_KEY.test(key) || !key.isWellFormed() ? UNUSUAL : sorted(member);
    if (clean === UNUSUAL) return UNUSUAL;
    copy[key] = clean;
  }
  return copy;
}
