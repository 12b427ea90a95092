// The host's program: `node host.js [--data-dir DIR] [--foreground]`.
import { compose } from './compose.ts';
import { runHost } from './run-host.ts';

process.title = 'hob-host';
// The file that was started, which is the one that clients take the build's label from.
process.exitCode = await runHost(compose, process.argv[1] ?? import.meta.filename);
