/** Where a command's words go. With `--json` stdout has JSON documents only, one a line. */
export interface CliOutput {
  readonly json: boolean;
  /** The result: as JSON with `--json`, else as `text` says. */
  result(value: unknown, text: string): void;
  /** For the person at the terminal: stdout, or stderr with `--json`. */
  say(text: string): void;
  /** Something that went wrong, for people. */
  warn(text: string): void;
}

export function cliOutput(
  json: boolean,
  streams: Pick<typeof process, 'stdout' | 'stderr'> = process,
): CliOutput {
  const write = (stream: NodeJS.WritableStream, text: string): void =>
    void stream.write(`${text}\n`);
  return {
    json,
    result: (value, text) => write(streams.stdout, json ? JSON.stringify(value) : text),
    say: (text) => write(json ? streams.stderr : streams.stdout, text),
    warn: (text) => write(streams.stderr, text),
  };
}

/** Rows under each other, each column as wide as its widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Text of an agent on one line, without what a terminal would obey. */
export const plain = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2066-\u2069]/g, ' ');
