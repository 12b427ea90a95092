// What `hob mcp` is compared with: the same tools on the same core, without bridge and socket.
// `node mcp-peer.ts stdio DATA_DIR` serves them on stdin and stdout (the floor); `node mcp-peer.ts http
// DATA_DIR` on loopback over Streamable HTTP, and prints the URL (the peer): the SDK's own transport in the
// SDK's own Express app, with a session, as its documentation and most servers of people have it.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { JsonObject } from '#schema/envelope/json.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { systemIds } from '#host/kernel/system-ids.ts';
import { systemMachine } from '#host/kernel/system-machine.ts';
import { compose } from '#host/runtime/compose.ts';
import type { OpenBridge } from '../../conformance/bridge-link.ts';

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

/** One session, which is all that the benchmark opens. */
async function serveHttp(): Promise<string> {
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID });
  const session = open((message) => void transport.send(message as never));
  transport.onmessage = (message) => session.send(message as unknown as JsonObject);
  await transport.start();
  const app = createMcpExpressApp();
  app.all('/mcp', (request: IncomingMessage & { body?: unknown }, response: ServerResponse) => {
    void transport.handleRequest(request, response, request.body);
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

if (way === 'http') {
  process.stdout.write(`${await serveHttp()}\n`);
  process.stdin.on('end', () => void end()).resume();
} else {
  const stdio = new StdioServerTransport();
  const session = open((message) => void stdio.send(message as never));
  stdio.onmessage = (message) => session.send(message as unknown as JsonObject);
  stdio.onclose = () => void session.close().then(end);
  await stdio.start();
}
