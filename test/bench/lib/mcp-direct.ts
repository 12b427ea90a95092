// The floor of the MCP benchmark: the same tools on the same core, served on this process's own stdin and
// stdout, without bridge and socket. `node mcp-direct.ts DATA_DIR`
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { JsonObject } from '#schema/envelope/json.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { systemIds } from '#host/kernel/system-ids.ts';
import { systemMachine } from '#host/kernel/system-machine.ts';
import { compose } from '#host/runtime/compose.ts';

const [dataDir = ''] = process.argv.slice(2);
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
const closed = new AbortController();
const stdio = new StdioServerTransport();

core.mcpSessions.open({
  id: 'direct',
  role: 'agent',
  principal: {
    kind: 'agent',
    id: 'claimed:direct',
    display: 'direct',
    role: 'agent',
    proven: false,
  },
  closed: closed.signal,
  send: (message) => stdio.send(message as never),
  onMessage: (receive) => {
    stdio.onmessage = (message) => receive(message as unknown as JsonObject);
  },
  close: () => process.exit(1),
});
stdio.onclose = () => {
  closed.abort();
  void core.dispose('the benchmark is over').then(() => process.exit(0));
};
await stdio.start();
