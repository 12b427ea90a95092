/** One word: plain characters, `'…'`, `"…"`, and `\` before one character, in any order. */
const word = /^(?:[^\s'"\\|&;<>()$`*?[\]{}~#!]|\\.|'[^']*'|"(?:[^"\\$`]|\\.)*")+/s;

/**
 * The words of a command line that needs no shell, as `argvText` writes them; null for a line that only a
 * shell would understand, since no shell will read it.
 */
export function argvOf(line: string): string[] | null {
  const argv: string[] = [];
  let rest = line.trim();
  while (rest !== '') {
    const found = word.exec(rest)?.[0];
    if (found === undefined) return null;
    rest = rest.slice(found.length);
    if (rest !== '' && !/^\s/.test(rest)) return null;
    rest = rest.trimStart();
    argv.push(unquoted(found));
  }
  return argv.length === 0 ? null : argv;
}

const unquoted = (text: string): string =>
  text.replaceAll(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
    (_all, single: string | undefined, double: string | undefined, one: string | undefined) =>
      single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? one ?? '',
  );
