/** `node hook-process.ts SOCKET codex`: the real hook client, asking the test's gate over a socket. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { isHookedAgent } from '#host/agents/core/hook-request.ts';
import { runHook } from '#host/agents/hook-client.ts';
import type { GatePort } from '#host/agents/ports.ts';
import { systemClock } from '#host/kernel/system-clock.ts';

const [, , socketPath, agent = ''] = process.argv;
if (socketPath === undefined || !isHookedAgent(agent))
  throw new Error('usage: hook-process SOCKET AGENT');

const gate: GatePort = {
  ask: (request, signal) =>
    new Promise((resolve, reject) => {
      const socket = connect(socketPath, () => socket.end(JSON.stringify(request)));
      signal.addEventListener('abort', () => socket.destroy());
      socket.on('error', reject);
      text(socket).then(
        (answer) => resolve(JSON.parse(answer) as Awaited<ReturnType<GatePort['ask']>>),
        reject,
      );
    }),
};

const answer = await runHook({ agent, stdin: await text(process.stdin), gate, clock: systemClock });
process.stderr.write(answer.stderr);
process.stdout.write(answer.stdout, () => process.exit(answer.exit));
