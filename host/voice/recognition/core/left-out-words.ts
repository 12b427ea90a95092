import type { GrammarReport } from '../../facts.ts';

/** Enough to find them by; a window in another language leaves out thousands. */
const NAMED = 3;

/** What is not listened for since nobody can say it, in a sentence; null where there is nothing of the kind. */
export function leftOutWords({ left_out }: GrammarReport): string | null {
  const [first, ...others] = left_out;
  if (first === undefined) return null;
  const named = left_out.slice(0, NAMED).map(({ phrase }) => `"${phrase}"`);
  const more = left_out.length - named.length;
  const list = named.join(', ') + (more > 0 ? ` and ${more} more` : '');
  return others.length === 0
    ? `One phrase cannot be said in English, so it is not listened for: ${list}. Type it instead.`
    : `${left_out.length} phrases cannot be said in English, so they are not listened for: ${list}. Type them instead.`;
}
