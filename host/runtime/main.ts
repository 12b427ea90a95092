// The host's program: `node host.js [--data-dir DIR] [--foreground]`; `--reset-deciders` and
// `--verify [--export FILE]` where no host runs.
import { parseArgs } from 'node:util';
import { resolveDataDir } from '#schema/client/data-dir.ts';
import { toWireError } from '#host/kernel/errors.ts';
import { compose } from './compose.ts';
import { resetDeciders } from './reset-deciders.ts';
import { runHost } from './run-host.ts';
import { verifyRecord } from './verify-record.ts';

process.title = 'hob-host';
// The file that was started, which is the one that clients take the build's label from.
const script = process.argv[1] ?? import.meta.filename;

process.exitCode = process.argv.includes('--reset-deciders')
  ? await once(resetDeciders)
  : process.argv.includes('--verify')
    ? await once(verifyRecord)
    : await runHost(compose, script);

/** Does one thing to a data directory without being its host; one JSON line on stdout: what came of it, or the error. */
async function once(
  work: (dataDir: string, exported?: string) => Promise<object>,
): Promise<number> {
  const { values } = parseArgs({
    options: {
      'data-dir': { type: 'string' },
      'reset-deciders': { type: 'boolean' },
      verify: { type: 'boolean' },
      export: { type: 'string' },
    },
  });
  const outcome = await work(resolveDataDir(values['data-dir']), values.export).catch(
    (failure: unknown) => ({
      error: toWireError(failure),
    }),
  );
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
  return 'error' in outcome ? 1 : 0;
}
