// What `hob mcp` is compared with: the same tools on the same core, without bridge and socket.
// `node mcp-peer.ts stdio DATA_DIR` serves them on stdin and stdout (the floor); `node mcp-peer.ts http
// DATA_DIR` on loopback over Streamable HTTP, and prints the URL (the peer).
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { JsonObject } from '#schema/envelope/json.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { systemIds } from '#host/kernel/system-ids.ts';
import { systemMachine } from '#host/kernel/system-machine.ts';
import { compose } from '#host/runtime/compose.ts';
import type { OpenBridge } from '../../conformance/bridge-link.ts';
import { startFront } from '../../conformance/front.ts';

const [way, dataDir = ''] = process.argv.slice(2);
const ids = systemIds();
const core = await compose({
  dataDir,
  clock: systemClock,
  machine: systemMachine(),
  ids,
  log: silentLog,
  instanceId: ids.uuid(),
  build: '0.0.0+bench',
  phase: () => 'running',
});

/** A session of the core, as the socket would open it. */
const open: OpenBridge = (toAgent) => {
  const closed = new AbortController();
  const early: JsonObject[] = [];
  let receive: (message: JsonObject) => void = (message) => void early.push(message);
  core.mcpSessions.open({
    id: ids.uuid(),
    role: 'agent',
    principal: {
      kind: 'agent',
      id: 'claimed:direct',
      display: 'direct',
      role: 'agent',
      proven: false,
    },
    closed: closed.signal,
    send: async (message) => toAgent(message),
    onMessage(listener) {
      receive = listener;
      for (const message of early.splice(0)) listener(message);
    },
    close: () => process.exit(1),
  });
  return {
    send: (message) => receive(message),
    close: async () => closed.abort(),
  };
};

async function end(): Promise<void> {
  await core.dispose('the benchmark is over');
  process.exit(0);
}

if (way === 'http') {
  const { url } = await startFront(open, async () => new Map());
  process.stdout.write(`${url}\n`);
  process.stdin.on('end', () => void end()).resume();
} else {
  const stdio = new StdioServerTransport();
  const session = open((message) => void stdio.send(message as never));
  stdio.onmessage = (message) => session.send(message as unknown as JsonObject);
  stdio.onclose = () => void session.close().then(end);
  await stdio.start();
}
