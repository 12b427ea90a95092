import type { JsonObject } from '../envelope/json.ts';

/** Room for the longest id that is read here. */
const HEAD_BYTES = 1_024;
/** As `withIdFirst` writes it. */
const ANSWER =
  /^\{"jsonrpc":"2\.0","id":(-?\d{1,16}|"(?:[^"\\]|\\["\\/bfnrt]){0,256}"),"(result|error)":/;

/** The same message with the fields first that say what it answers, so that its head can be read alone. */
export function withIdFirst(message: JsonObject): JsonObject {
  const { jsonrpc, id, ...rest } = message;
  return id === undefined || jsonrpc === undefined ? message : { jsonrpc, id, ...rest };
}

/**
 * Which request a JSON-RPC answer is for, without parsing all of it: who only passes an answer on needs
 * no more, and 64 KiB take longer to parse than to send. `result` or `error` is there and null. Null when
 * it does not begin like an answer.
 */
export function answerHead(json: Buffer): JsonObject | null {
  const [, id, kind] = ANSWER.exec(json.toString('utf8', 0, HEAD_BYTES)) ?? [];
  return id === undefined || kind === undefined
    ? null
    : { jsonrpc: '2.0', id: JSON.parse(id) as string | number, [kind]: null };
}
