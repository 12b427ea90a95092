import type { EditorContext } from '#schema/views/editor-context.ts';

const known = new WeakMap<EditorContext['commands'], readonly string[]>();
const none: readonly string[] = [];

/** Titles of a window's commands; the same array for the same context, which others key what they make of it by. */
export function titlesOf(commands: EditorContext['commands'] | undefined): readonly string[] {
  if (commands === undefined || commands.length === 0) return none;
  const titles = known.get(commands) ?? commands.map(({ title }) => title);
  known.set(commands, titles);
  return titles;
}
