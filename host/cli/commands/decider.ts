import { createInterface } from 'node:readline/promises';
import type { ResetResult } from '#host/runtime/reset-deciders.ts';
import { exitCodes, UsageError, type CliCommand, type CliContext } from '../command.ts';
import { askHostProgram } from '../host-program.ts';
import { plain, table } from '../output.ts';
import { usageText } from '../usage.ts';

const WORD = 'reset';
const USAGE = 'decider list | reset';

export const deciderCommand: CliCommand = {
  name: 'decider',
  usage: USAGE,
  summary: 'Lists the editors that may decide, or forgets them all.',
  details: [
    'reset   for when an editor lost its key. Every standing permission ends, the next editor that',
    '        connects becomes the first decider, and the reset is in the record. Only at a terminal,',
    '        and only while no host runs: close your editors and wait 30 s first.',
  ],
  run(context) {
    const [verb, ...more] = context.positionals;
    if (more.length > 0 || (verb !== 'list' && verb !== 'reset'))
      throw new UsageError(usageText(USAGE, verb));
    return verb === 'list' ? list(context) : reset(context);
  },
};

async function list({ connect, out }: CliContext): Promise<number> {
  const client = await connect();
  const { deciders } = await client.request('decider.list', {});
  if (out.json) for (const one of deciders) out.result(one, '');
  else if (deciders.length === 0)
    out.say('No editor may decide yet: the first that connects will.');
  else out.say(table(deciders.map((d) => [d.decider_id, d.enrolled_at, plain(d.label)])));
  return exitCodes.done;
}

async function reset({ dataDir, program, out }: CliContext): Promise<number> {
  if (!process.stdin.isTTY) throw new UsageError('hob decider reset needs a person at a terminal.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const said = await terminal.question(
      `This ends every standing permission in ${dataDir}, and the next editor that connects decides.\nType "${WORD}" to do it: `,
    );
    if (said.trim() !== WORD) {
      out.warn('Nothing was changed.');
      return exitCodes.denied;
    }
  } finally {
    terminal.close();
  }
  const result = await askHostProgram<ResetResult>(program, ['--reset-deciders'], dataDir);
  out.result(result, `Forgot ${result.deciders} deciders and ended ${result.grants} permissions.`);
  return exitCodes.done;
}
