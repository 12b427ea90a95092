// What a person reads whose command line was wrong: what is meant, and how it is written.

import { slips } from '#host/intents/core/distance.ts';

/** Shorter words than this are near to everything. */
const SHORTEST = 3;

/** The word that was probably meant; undefined when none is near. */
export function nearest(given: string, words: readonly string[]): string | undefined {
  if (given.length < SHORTEST) return undefined;
  const far = Math.max(1, Math.floor(given.length / 3));
  const near = words
    .map((word) => ({ word, by: word.startsWith(given) ? 1 : slips(given, word) }))
    .filter(({ by }) => by <= far)
    .toSorted((one, other) => one.by - other.by);
  return near[0]?.word;
}

/** ` Did you mean "events"?`, or nothing. */
export function didYouMean(given: string, words: readonly string[], prefix = ''): string {
  const meant = nearest(given, words);
  return meant === undefined ? '' : ` Did you mean "${prefix}${meant}"?`;
}

/**
 * How a command is written. Of several ways, which stand with ` | ` between them, the one that begins with
 * what was given; else all of them, a line each.
 * @param usage e.g. `agent list | connect NAME [--yes]`
 */
export function usageText(usage: string, verb?: string): string {
  const [name = '', ...rest] = usage.split(' ');
  // Between brackets stand the choices of one way.
  const ways = rest.join(' ').split(/ \| (?![^[]*\])/);
  if (ways.length === 1) return `Usage: hob ${usage}`;
  const verbsOf = (way: string): string[] => (way.split(' ')[0] ?? '').split('|');
  const meant = ways.filter((way) => verb !== undefined && verbsOf(way).includes(verb));
  const wrong =
    verb === undefined || meant.length > 0
      ? ''
      : `There is no "hob ${name} ${verb}".${didYouMean(verb, ways.flatMap(verbsOf), `hob ${name} `)} `;
  const lines = (meant.length > 0 ? meant : ways).map((way) => `hob ${name} ${way}`);
  return lines.length === 1
    ? `${wrong}Usage: ${lines.join('')}`
    : `${wrong}Usage:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

/** Whether a command takes words at all, and not only options. */
export const takesWords = (usage: string): boolean =>
  /\w/.test(usage.replace(/^\S+/, '').replaceAll(/--[\w-]+( [\w|]+)?/g, ''));
