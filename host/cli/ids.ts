import { domainId } from '#schema/envelope/ids.ts';
import { UsageError } from './command.ts';
import { plain } from './output.ts';

/** Throws UsageError that names the command which prints such ids, instead of a field of the contract. */
export function requireId(
  kind: 'approval' | 'grant' | 'task',
  given: string,
  lister: string,
): void {
  if (!domainId(kind).safeParse(given).success)
    throw new UsageError(`"${plain(given)}" is no id; ${lister} prints them.`);
}
