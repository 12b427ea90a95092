import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { HostClient } from '#schema/client/host-client.ts';
import { HostCallError, LinkError } from '#schema/client/errors.ts';
import { openHost } from '#schema/client/open-host.ts';
import { checkExport, type EventAt, type ExportCheck } from '#host/policy/check-export.ts';
import type { RecordVerification } from '#host/runtime/verify-record.ts';
import { exitCodes, type CliCommand, type CliContext } from '../command.ts';
import { askHostProgram } from '../host-program.ts';

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
    '                record',
  ],
  options: { export: { type: 'string' } },
  async run({ dataDir, program, out, values }) {
    const given = values['export'];
    const file = typeof given === 'string' ? await readable(given) : undefined;
    const flags = file === undefined ? [] : ['--export', file];
    const { export: exported, ...found } =
      (await byHost(dataDir, file)) ??
      (await askHostProgram<RecordVerification>(program, ['--verify', ...flags], dataDir));
    const counts = `${found.events} events, ${found.decisions} signed decisions, head ${found.head_seq} ${found.head_hash.slice(0, 16)}`;
    const problems = found.problems.map(
      (one) => `  ${one.code}${one.seq === null ? '' : ` at ${one.seq}`}: ${one.message}`,
    );
    out.result(
      found,
      [found.ok ? `Verified: ${counts}.` : `NOT VERIFIED: ${counts}.`, ...problems].join('\n'),
    );
    const isProven = exported === undefined || tell(out, exported);
    return found.ok && isProven ? exitCodes.done : exitCodes.error;
  },
};

/** Before anything takes its time. */
async function readable(file: string): Promise<string> {
  await access(file, constants.R_OK).catch((failure: unknown) => {
    const { code } = failure as NodeJS.ErrnoException;
    throw new Error(`${file} cannot be read (${code ?? 'unknown'}).`, { cause: failure });
  });
  return resolve(file);
}

/** Says what the file is worth; whether every line of it is proven. */
function tell(out: CliContext['out'], found: ExportCheck): boolean {
  const { lines, same } = found;
  const isProven = lines > 0 && same === lines;
  const problems = found.problems.map(({ line, message }) => `  line ${line}: ${message}`);
  out.result({ export: { ok: isProven, ...found } }, [verdict(found), ...problems].join('\n'));
  return isProven;
}

function verdict({ lines, same, erased, problems }: ExportCheck): string {
  if (lines === 0) return 'THE EXPORT PROVES NOTHING: it is empty.';
  const there = `${same + erased} of ${lines} lines are in the record`;
  if (erased === 0)
    return problems.length === 0
      ? `The export is true: ${there}.`
      : `THE EXPORT IS NOT TRUE: ${there}.`;
  const gone = `${there}; what ${erased} of them ${erased === 1 ? 'says' : 'say'} was erased there since, so nobody can check it`;
  return problems.length === 0
    ? `NOT ALL OF THE EXPORT IS PROVEN: ${gone}.`
    : `THE EXPORT IS NOT TRUE: ${gone}.`;
}

/** By the host that runs, which knows its newest event; null where none runs or it cannot read its own store. */
async function byHost(
  dataDir: string,
  file: string | undefined,
): Promise<RecordVerification | null> {
  const client = await openHost({ dataDir, role: 'cli', principalHint: 'cli' }).catch(noHost);
  if (client === null) return null;
  try {
    const found = await client.request('audit.verify', {}, { timeoutMs: 600_000 });
    return file === undefined
      ? found
      : { ...found, export: await checkExport(file, eventsOf(client)) };
  } catch (failure) {
    if (failure instanceof HostCallError && failure.code === 'store_unavailable') return null;
    throw failure;
  } finally {
    await client.close();
  }
}

function eventsOf(client: HostClient): EventAt {
  return async (seq) => {
    try {
      return (await client.request('event.get', { seq })).event;
    } catch (failure) {
      if (failure instanceof HostCallError && failure.code === 'not_found') return null;
      throw failure;
    }
  };
}

function noHost(failure: unknown): null {
  if (failure instanceof LinkError && failure.code === 'host_unreachable') return null;
  throw failure;
}
