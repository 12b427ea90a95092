import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import type { HostClient } from '#schema/client/host-client.ts';
import { HostCallError } from '#schema/client/errors.ts';
import { storedEventSchema, type StoredEvent } from '#schema/events/stored-event.ts';
import { UsageError } from '../command.ts';

/** What an exported file is worth, held against the record. */
export interface ExportCheck {
  readonly lines: number;
  /** Of them, those that are in the record, word for word. */
  readonly same: number;
  /** Those whose content the record has erased since: only their place and their hash are the same. */
  readonly erased: number;
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

/** The first hundred are enough to know. */
const MOST_PROBLEMS = 100;

/**
 * Compares each line of a file, as the panel's export and `hob events --json` write them, with the event of the
 * same number in the record. Throws UsageError when there is no such file.
 */
export async function checkExport(client: HostClient, file: string): Promise<ExportCheck> {
  const problems: { line: number; message: string }[] = [];
  const count = { lines: 0, same: 0, erased: 0 };
  for await (const text of linesOf(file)) {
    count.lines += 1;
    const verdict = await compare(client, text);
    if (verdict === 'same' || verdict === 'erased') count[verdict] += 1;
    else if (problems.length < MOST_PROBLEMS)
      problems.push({ line: count.lines, message: verdict.problem });
  }
  return { ...count, problems };
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const input = createReadStream(file, 'utf8');
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity }))
      if (line.trim() !== '') yield line;
  } catch (failure) {
    const { code } = failure as NodeJS.ErrnoException;
    if (code === undefined) throw failure;
    throw new UsageError(`${file} cannot be read (${code}).`);
  }
}

async function compare(
  client: HostClient,
  text: string,
): Promise<'same' | 'erased' | { problem: string }> {
  const exported = eventIn(text);
  if (exported === null) return { problem: 'it holds no event' };
  const { seq } = exported;
  const stored = await client.request('event.get', { seq }).then(
    ({ event }) => event,
    (failure: unknown) => {
      if (failure instanceof HostCallError && failure.code === 'not_found') return null;
      throw failure;
    },
  );
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
