import type { JsonObject } from '../envelope/json.ts';

/** What a terminal would obey: colours and moves of the cursor. */
// oxlint-disable-next-line no-control-regex -- escape sequences are what is taken out
const escapes = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\-_])/g;

/** What a command printed, from the result of its run: stdout, then stderr. Null when that is nothing. */
export function printedText(result: JsonObject | null | undefined): string | null {
  const streams = [result?.['stdout'], result?.['stderr']].map((stream) =>
    typeof stream === 'string' ? stream.replaceAll(escapes, '').trimEnd() : '',
  );
  const text = streams.filter((stream) => stream !== '').join('\n');
  return text === '' ? null : text;
}
