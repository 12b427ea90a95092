import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { McpSessionContext } from './session-context.ts';
import { createMcpServer } from './server.ts';
import { ConnectionTransport, type MessageConnection } from './transport.ts';

/** Serves one connection until it closes, in the protocol era that its client opens with. */
export function serve(connection: MessageConnection, session: McpSessionContext): void {
  if (connection.closed.aborted) return;
  const transport = new ConnectionTransport(connection, ({ cwd, without }) => {
    if (typeof cwd === 'string' && cwd.length <= 4_096) session.folder = cwd;
    if (Array.isArray(without)) session.without = without;
  });
  const { log } = session.options;
  serveStdio(({ era }) => createMcpServer(session, era), {
    transport,
    onerror: (failure) => log.warn('MCP', { problem: failure.message.slice(0, 200) }),
  });
}
