import type { EditorContext } from '#schema/views/editor-context.ts';

const known = new WeakMap<EditorContext['commands'], readonly string[]>();
const none: readonly string[] = [];
let last = none;

/**
 * Titles of a window's commands; the same array until they change, which others key what they make of it by. A window
 * sends all of its context anew with each focus.
 */
export function titlesOf(commands: EditorContext['commands'] | undefined): readonly string[] {
  if (commands === undefined || commands.length === 0) return none;
  const titles = known.get(commands) ?? kept(commands);
  known.set(commands, titles);
  last = titles;
  return titles;
}

const kept = (commands: EditorContext['commands']): readonly string[] =>
  commands.length === last.length && commands.every(({ title }, at) => title === last[at])
    ? last
    : commands.map(({ title }) => title);
