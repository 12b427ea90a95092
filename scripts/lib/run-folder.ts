// The temporary files of a whole run in one folder, which goes with it: those of a test that failed or was
// ended, and what editors, browsers and sound servers leave behind.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

/** Where the folder of the run is, for the programs that it starts. */
const VARIABLE = 'HOB_RUN_FOLDER';

/**
 * From here on the temporary folder of this process, and of all that it starts, is one of its own, removed when this
 * process ends; `HOB_KEEP=1` keeps it. Within a run that has one nothing happens. The name is short: a socket's
 * path has 107 bytes.
 */
export function useRunFolder(): void {
  if (process.env[VARIABLE] !== undefined) return;
  const folder = mkdtempSync(path.join(tmpdir(), 'hob-r-'));
  // Some tests are another user for a moment, who comes through here to a folder that is theirs.
  chmodSync(folder, 0o711);
  for (const name of [VARIABLE, 'TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
  process.once('exit', () => {
    if (process.env['HOB_KEEP'] !== '1')
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
}
