import type { CommandResult } from '#schema/commands/registry.ts';
import { HostCallError, LinkError } from '#schema/client/errors.ts';
import { openHost } from '#schema/client/open-host.ts';
import { exitCodes, type CliCommand, type CliContext } from '../command.ts';
import { askHostProgram } from '../host-program.ts';
import { checkExport } from './verify-export.ts';

type Verification = CommandResult<'audit.verify'>;

export const verifyCommand: CliCommand = {
  name: 'verify',
  usage: 'verify [--export FILE]',
  summary:
    'Checks the hash chain, the signature of every decision, and every projection against the events.',
  details: [
    'Starts no host and changes nothing: where none runs, the record itself is read, also a copy of one',
    '(--data-dir names the folder that holds events.db). Exit status 1 when anything does not fit.',
    '',
    '--export FILE   also holds each line of an exported file (the panel, hob events --json) against the',
    '                record; for that a host is started where none runs',
  ],
  options: { export: { type: 'string' } },
  async run(context) {
    const { dataDir, program, out, values } = context;
    const found =
      (await byHost(dataDir)) ?? (await askHostProgram<Verification>(program, '--verify', dataDir));
    const counts = `${found.events} events, ${found.decisions} signed decisions, head ${found.head_seq} ${found.head_hash.slice(0, 16)}`;
    const problems = found.problems.map(
      (one) => `  ${one.code}${one.seq === null ? '' : ` at ${one.seq}`}: ${one.message}`,
    );
    out.result(
      found,
      [found.ok ? `Verified: ${counts}.` : `NOT VERIFIED: ${counts}.`, ...problems].join('\n'),
    );
    const file = values['export'];
    const isTrue = typeof file === 'string' ? await verifyExport(context, file) : true;
    return found.ok && isTrue ? exitCodes.done : exitCodes.error;
  },
};

async function verifyExport({ connect, out }: CliContext, file: string): Promise<boolean> {
  const found = await checkExport(await connect(), file);
  const erased = found.erased === 0 ? '' : `, ${found.erased} with content that was erased since`;
  const isTrue = found.problems.length === 0 && found.lines > 0;
  const counts = `${found.same + found.erased} of ${found.lines} lines are in the record${erased}`;
  const problems = found.problems.map(({ line, message }) => `  line ${line}: ${message}`);
  out.result(
    { export: { ok: isTrue, ...found } },
    [`${isTrue ? 'The export is true' : 'THE EXPORT IS NOT TRUE'}: ${counts}.`, ...problems].join(
      '\n',
    ),
  );
  return isTrue;
}

/** By the host that runs, which knows its newest event; null where none runs or it cannot read its own store. */
async function byHost(dataDir: string): Promise<Verification | null> {
  const client = await openHost({ dataDir, role: 'cli', principalHint: 'cli' }).catch(noHost);
  try {
    return (await client?.request('audit.verify', {}, { timeoutMs: 600_000 })) ?? null;
  } catch (failure) {
    if (failure instanceof HostCallError && failure.code === 'store_unavailable') return null;
    throw failure;
  } finally {
    await client?.close();
  }
}

function noHost(failure: unknown): null {
  if (failure instanceof LinkError && failure.code === 'host_unreachable') return null;
  throw failure;
}
