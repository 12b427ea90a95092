import { HostCallError } from '#schema/client/errors.ts';
import { plain } from './output.ts';

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
      ? `No ${how.what} is ${called}; see ${how.lister}.`
      : `Several ${how.whats} are ${called}; give the id from ${how.lister}.`;
  throw notThere(message);
}
