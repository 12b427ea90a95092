/** Longest diff text that travels with a call (the wire's own limit is 262,144). */
const LONGEST = 200_000;

const prefixed = (prefix: string, text: string): string =>
  text === ''
    ? ''
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => prefix + line)
        .join('\n');

/** One replaced piece of a file, for people: what goes, then what comes. */
export const replacedText = (path: string, before: string, after: string): string =>
  before === '' && after === ''
    ? ''
    : [`--- ${path}`, `+++ ${path}`, prefixed('-', before), prefixed('+', after)]
        .filter((part) => part !== '')
        .join('\n');

/** Cuts where the card could not show it anyway, and says so. What is hashed is never cut. */
export const shortened = (diff: string): string =>
  diff.length <= LONGEST
    ? diff
    : `${diff.slice(0, LONGEST)}\n… ${diff.length - LONGEST} more characters, not shown`;
