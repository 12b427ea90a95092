/** `node host-hook-process.ts codex --data-dir DIR`: the hook client on the real host. */
import { text } from 'node:stream/consumers';
import { HostGate } from '#host/agents/adapters/host-gate.ts';
import { isHookedAgent } from '#host/agents/core/hook-request.ts';
import { hookDeadlineMs, runHook } from '#host/agents/hook-client.ts';
import { systemClock } from '#host/kernel/system-clock.ts';

const [, , agent = '', , dataDir = ''] = process.argv;
if (!isHookedAgent(agent)) throw new Error('usage: host-hook-process AGENT --data-dir DIR');
const gate = new HostGate({ dataDir, waitMs: hookDeadlineMs(agent) });
const answer = await runHook({ agent, stdin: await text(process.stdin), gate, clock: systemClock });
process.stderr.write(answer.stderr);
process.stdout.write(answer.stdout, () => process.exit(answer.exit));
