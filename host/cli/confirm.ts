import { createInterface } from 'node:readline/promises';
import { UsageError } from './command.ts';
import type { CliOutput } from './output.ts';

/** Asks at the terminal; `shown` is what is there to be looked at. Throws UsageError where there is none. */
export async function confirmed(out: CliOutput, question: string, shown: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UsageError(
      `There is no terminal to ask at; look at the ${shown} above and add --yes.`,
    );
  const asking = createInterface({
    input: process.stdin,
    output: out.json ? process.stderr : process.stdout,
  });
  try {
    return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
  } finally {
    asking.close();
  }
}
