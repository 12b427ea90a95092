import { HostCallError } from '#schema/client/errors.ts';
import { plain } from './output.ts';
import { nearest } from './usage.ts';

/** What a command line names is not there. */
export const notThere = (message: string): HostCallError =>
  new HostCallError({ code: 'not_found', message, retryable: false });

/**
 * The one of this id, else the only one of this name. Throws `not_found` where there is none, or more than one of
 * the name: the command line is well written, so it is no usage error.
 */
export function named<T>(
  all: readonly T[],
  given: string,
  how: {
    id(one: T): string;
    name(one: T): string | null;
    what: string;
    whats: string;
    lister: string;
  },
): T {
  const byName = all.filter((one) => how.name(one) === given);
  const found =
    all.find((one) => how.id(one) === given) ?? (byName.length === 1 ? byName[0] : undefined);
  if (found !== undefined) return found;
  const called = `called "${plain(given)}"`;
  const message =
    byName.length === 0
      ? `No ${how.what} is ${called}${meantBy(given, all.map(how.name))}; see ${how.lister}.`
      : `Several ${how.whats} are ${called}; give the id from ${how.lister}.`;
  throw notThere(message);
}

/** The name that was probably meant: the only one that holds the word, or where none does the nearest. */
function meantBy(given: string, all: readonly (string | null)[]): string {
  const names = all.filter((name) => name !== null);
  const holding = names.filter((name) => name.toLowerCase().includes(given.toLowerCase()));
  const [only = nearest(given, names)] = holding;
  const meant = holding.length > 1 ? undefined : only;
  return meant === undefined ? '' : ` (did you mean "${plain(meant)}"?)`;
}
