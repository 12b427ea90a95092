// Loaded before every suite. Generated cases are the same for everybody, so that a red run is a change
// of the code; HOB_SEED draws others.
import * as path from 'node:path';
import { configureGlobal } from 'fast-check';
import { useRunFolder } from '../scripts/lib/run-folder.ts';

useRunFolder();

configureGlobal({ seed: Number(process.env['HOB_SEED'] ?? 20_261_120) });

// One compile cache for all programs that tests start, and never the one of the person who runs them.
process.env['HOB_CACHE_DIR'] ??= path.join(import.meta.dirname, 'out/cache');
