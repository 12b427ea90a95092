import type { JsonValue } from '../envelope/json.ts';
import type { StoredEvent } from '../events/stored-event.ts';

/** More words than anybody types; each is one more look at every event. */
const MOST_WORDS = 8;

/** The words of a search: an event must hold each of them, in any order. A command line is stored word by word. */
export const wordsOf = (text: string): string[] =>
  [...new Set(text.split(/\s+/).filter((word) => word !== ''))].slice(0, MOST_WORDS);

/** A to Z without their case, as SQLite's LIKE compares. */
const folded = (text: string): string => text.replaceAll(/[A-Z]/g, (one) => one.toLowerCase());

/** Fields of events are `snake_case`; a name of another form was given by somebody: `voice.rate`, `OPENAI_API_KEY`. */
const isContent = (name: string): boolean => /[^a-z0-9_]/.test(name);

function holds(value: JsonValue | undefined, word: string): boolean {
  if (value === null || value === undefined || typeof value === 'boolean') return false;
  if (typeof value !== 'object') return folded(String(value)).includes(word);
  return Object.entries(value).some(
    ([name, member]) => (isContent(name) && folded(name).includes(word)) || holds(member, word),
  );
}

/**
 * Whether an event is one of those a person means. Each word is in its values (the names of an event's own fields say
 * nothing), in its type or in who did it, or in the values of what it is about: the first events of its stream
 * and of its run. An answer holds no call, but it is found by the call it answers. `shown`: what a client says
 * of it in words of its own.
 */
export function matchesText(
  event: StoredEvent,
  about: readonly StoredEvent[],
  text: string,
  shown: readonly string[] = [],
): boolean {
  const own = [event.event_type, event.actor.display, ...shown].map(folded);
  return wordsOf(text)
    .map(folded)
    .every(
      (word) =>
        own.some((one) => one.includes(word)) ||
        [event, ...about].some(({ data }) => holds(data ?? undefined, word)),
    );
}
