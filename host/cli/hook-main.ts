// `hob hook AGENT [EVENT] [--data-dir DIR] [--limit SECONDS]`, as a program of its own: an agent starts it for every tool
// call, so nothing is loaded that it does not need. Whatever goes wrong ends as exit 2 with words on
// stderr, which agents take for a deny.
import { runHookCommand } from './run-hook.ts';

const status = await runHookCommand(process.argv.slice(2));
// A host that hangs must not keep this process: agents kill a late hook, and then run the tool.
process.stderr.write('', () => process.stdout.write('', () => process.exit(status)));
