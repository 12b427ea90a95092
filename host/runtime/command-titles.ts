import type { EditorContext } from '#schema/views/editor-context.ts';

const known = new WeakMap<EditorContext['commands'], readonly string[]>();
const none: readonly string[] = [];
/** Of so many windows, with commands of their own each, what is made of their titles is kept. */
const MOST_WINDOWS = 8;
/** The newest first. */
let recent: readonly (readonly string[])[] = [];

/**
 * Titles of a window's commands; the same array until they change, which others key what they make of it by. A window
 * sends all of its context anew with each focus.
 */
export function titlesOf(commands: EditorContext['commands'] | undefined): readonly string[] {
  if (commands === undefined || commands.length === 0) return none;
  const titles = known.get(commands) ?? kept(commands);
  known.set(commands, titles);
  if (titles !== recent[0])
    recent = [titles, ...recent.filter((one) => one !== titles)].slice(0, MOST_WINDOWS);
  return titles;
}

const kept = (commands: EditorContext['commands']): readonly string[] =>
  recent.find(
    (titles) =>
      titles.length === commands.length && commands.every(({ title }, at) => title === titles[at]),
  ) ?? commands.map(({ title }) => title);
