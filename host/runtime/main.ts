// The host's program: `node host.js [--data-dir DIR] [--foreground]`, and `--reset-deciders` for a host
// that does not run.
import { parseArgs } from 'node:util';
import { resolveDataDir } from '#schema/client/data-dir.ts';
import { toWireError } from '#host/kernel/errors.ts';
import { compose } from './compose.ts';
import { resetDeciders } from './reset-deciders.ts';
import { runHost } from './run-host.ts';

process.title = 'hob-host';
// The file that was started, which is the one that clients take the build's label from.
const script = process.argv[1] ?? import.meta.filename;

process.exitCode = process.argv.includes('--reset-deciders')
  ? await resetOnly()
  : await runHost(compose, script);

/** One JSON line on stdout: what was reset, or the error. */
async function resetOnly(): Promise<number> {
  const { values } = parseArgs({
    options: { 'data-dir': { type: 'string' }, 'reset-deciders': { type: 'boolean' } },
  });
  const outcome = await resetDeciders(resolveDataDir(values['data-dir'])).catch(
    (failure: unknown) => ({ error: toWireError(failure) }),
  );
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
  return 'error' in outcome ? 1 : 0;
}
