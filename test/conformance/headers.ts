// Headers that repeat what a request's body says (SEP-2243).

/** Of a tool, the arguments that are repeated in a header, each with the end of the header's name. */
export type ToolSchemas = (tool: string) => Promise<ReadonlyMap<string, string>>;

export const missing = (name: string): string => `The header ${name} is missing.`;
export const mismatch = (name: string): string => `The header ${name} and the body disagree.`;

const ENCODED = /^=\?base64\?(.*)\?=$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The value of a header that may be wrapped as base64; undefined when the wrapping holds none. */
export function decoded(value: string): string | undefined {
  const inner = ENCODED.exec(value)?.[1];
  if (inner === undefined) return value;
  return BASE64.test(inner) ? Buffer.from(inner, 'base64').toString('utf8') : undefined;
}
