import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

/** A new folder in the one of the run, with which it goes at the latest (scripts/lib/run-folder.ts); its real path. */
export const temporaryFolder = (name: string): string =>
  realpathSync(mkdtempSync(path.join(tmpdir(), `hob-${name}-`)));
