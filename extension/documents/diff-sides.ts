/** The two sides of a unified diff, or of its pieces: what goes with the context, and what comes. */
export function diffSides(diff: string): { before: string; after: string } {
  const lines = diff.split('\n').filter((line) => !/^(?:---|\+\+\+) |^\\ /.test(line));
  const side = (others: string): string =>
    lines
      .filter((line) => !line.startsWith(others))
      .map((line) => (/^[ +-]/.test(line) ? line.slice(1) : line))
      .join('\n');
  return { before: side('+'), after: side('-') };
}
