import canonicalize from 'canonicalize';
import type { JsonValue } from './json.ts';

/** RFC 8785 canonical JSON: the one text a value has when it is hashed or signed. */
export function canonicalJson(value: JsonValue): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value has no JSON form');
  return text;
}
