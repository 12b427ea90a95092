// The host's program: `node host.js [--data-dir DIR] [--foreground]`.
import { fileURLToPath } from 'node:url';
import { compose } from './compose.ts';
import { runHost } from './run-host.ts';

process.title = 'hob-host';
process.exitCode = await runHost(compose, fileURLToPath(import.meta.url));
