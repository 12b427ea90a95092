import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';

/** What a server's answer may take of a model's attention, and of an event. */
export const RESULT_BYTES = 100 * 1024;
/** Room for what is around the text. */
const TEXT_BYTES = RESULT_BYTES - 4 * 1024;

/** An answer as its server gave it. */
export interface ToolAnswer {
  content: readonly JsonObject[];
  structured: JsonValue | null;
  is_error: boolean;
}

/** The answer as a run keeps it; `whole` is what must be kept elsewhere because it did not fit. */
export interface LimitedAnswer {
  result: JsonObject;
  whole: string | null;
}

/** Of a code point in UTF-8. */
const width = (code: number): number =>
  code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_00_00 ? 3 : 4;

function bytesOf(text: string): number {
  let bytes = 0;
  for (const char of text) bytes += width(char.codePointAt(0) ?? 0);
  return bytes;
}

/** The first `limit` bytes of a text, cut between characters. */
function clipped(text: string, limit: number): string {
  let bytes = 0;
  let end = 0;
  for (const char of text) {
    bytes += width(char.codePointAt(0) ?? 0);
    if (bytes > limit) return text.slice(0, end);
    end += char.length;
  }
  return text;
}

/** Keeps an answer below 100 KB: text is cut, what is no text is named by its kind and size. */
export function limitAnswer(answer: ToolAnswer): LimitedAnswer {
  const { content, structured, is_error } = answer;
  const result: JsonObject = { content: [...content], structured, is_error, truncated: false };
  const text = JSON.stringify(result);
  if (bytesOf(text) <= RESULT_BYTES) return { result, whole: null };
  const blocks: JsonObject[] = [];
  let left = TEXT_BYTES;
  for (const block of content.slice(0, 256)) {
    const kept = keptBlock(block, left);
    left -= bytesOf(JSON.stringify(kept));
    if (left < 0) break;
    blocks.push(kept);
  }
  return {
    result: { content: blocks, structured: null, is_error, truncated: true },
    whole: text,
  };
}

function keptBlock(block: JsonObject, left: number): JsonObject {
  const size = bytesOf(JSON.stringify(block));
  if (size <= Math.max(0, left)) return block;
  const text = block['text'];
  if (typeof text !== 'string') {
    const kind = typeof block['type'] === 'string' ? block['type'].slice(0, 32) : 'something';
    return { type: 'text', text: `[${kind} of ${size} bytes, left out]` };
  }
  // JSON may need up to six bytes for one; halving finds a length that fits.
  let length = Math.max(0, left - 256);
  for (;;) {
    const kept = {
      type: 'text',
      text: `${clipped(text, length)}\n[… cut: ${bytesOf(text)} bytes in all]`,
    };
    if (length === 0 || bytesOf(JSON.stringify(kept)) <= left) return kept;
    length = length < 64 ? 0 : Math.floor(length / 2);
  }
}
