/** An agent's name as it may be said: one line, no longer than a name. */
const shortName = (name: string): string => {
  const line = name.replace(/[\s:]+/g, ' ').trim();
  return line.length <= 40 ? line : `${line.slice(0, 39)}…`;
};

/** What an agent says is shown and heard as its own: "codex says: Tests are green." */
export function attributed(
  agent: string,
  sentences: readonly string[],
  verb: 'says' | 'asks' = 'says',
): string[] {
  const [first, ...others] = sentences;
  return first === undefined ? [] : [`${shortName(agent)} ${verb}: ${first}`, ...others];
}
