import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import { storedEventSchema, type StoredEvent } from '#schema/events/stored-event.ts';

/** What an exported file is worth, held against the record. */
export interface ExportCheck {
  readonly lines: number;
  /** Of them, those that are in the record, word for word. */
  readonly same: number;
  /**
   * Those whose content the record has erased since. Place and hash are the same, but the salt that binds a
   * content to its hash is gone, so nobody can tell whether the file says what was there.
   */
  readonly erased: number;
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

/** The first hundred are enough to know. */
const MOST_PROBLEMS = 100;

/** The event of this number in the record; null where there is none. */
export type EventAt = (seq: number) => Promise<StoredEvent | null>;

/**
 * Compares each line of a file, as the panel's export and `hob events --json` write them, with the event of the
 * same number in the record. Throws what reading the file throws.
 */
export async function checkExport(file: string, eventAt: EventAt): Promise<ExportCheck> {
  const problems: { line: number; message: string }[] = [];
  const count = { lines: 0, same: 0, erased: 0 };
  const input = createReadStream(file, 'utf8');
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    if (text.trim() === '') continue;
    count.lines += 1;
    const verdict = await compare(text, eventAt);
    if (verdict === 'same' || verdict === 'erased') count[verdict] += 1;
    else if (problems.length < MOST_PROBLEMS)
      problems.push({ line: count.lines, message: verdict.problem });
  }
  return { ...count, problems };
}

async function compare(
  text: string,
  eventAt: EventAt,
): Promise<'same' | 'erased' | { problem: string }> {
  const exported = eventIn(text);
  if (exported === null) return { problem: 'it holds no event' };
  const { seq } = exported;
  const stored = await eventAt(seq);
  if (stored === null) return { problem: `the record has no event ${seq}` };
  if (isDeepStrictEqual(exported, stored)) return 'same';
  const isSameBut = isDeepStrictEqual({ ...exported, data: null }, stored);
  return isSameBut ? 'erased' : { problem: `event ${seq} is another one in the record` };
}

function eventIn(text: string): StoredEvent | null {
  try {
    // Strict: what somebody added to a line is not in the record either.
    return storedEventSchema.strict().parse(JSON.parse(text));
  } catch {
    return null;
  }
}
