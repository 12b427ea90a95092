// The built-in demo agent: a real agent in the smallest form. It connects as role `agent`, speaks MCP to
// the host like any other, and asks to run one harmless command. Nothing about it is simulated: the card,
// the answer, the run and its result are the host's.
import { homedir } from 'node:os';
import type { JsonObject } from '#schema/envelope/json.ts';
import { LinkError } from '#schema/client/errors.ts';
import type { McpChannel } from '#schema/client/mcp-channel.ts';
import { openMcp } from '#schema/client/open-host.ts';

/** The same everywhere, known by everybody, changes nothing, and not on the list of what needs no card. */
const command = process.platform === 'win32' ? ['hostname'] : ['date'];

const ANSWER_MS = 50_000;

export interface DemoRequest {
  dataDir: string;
  /** Where it wants to run its command; the home folder without a workspace. */
  folder: string | undefined;
}

/** Resolves with what the host told the agent: the run's end, or that it still waits. */
export async function runDemoAgent({ dataDir, folder }: DemoRequest): Promise<JsonObject> {
  const channel = await openMcp({ dataDir, role: 'agent', principalHint: 'demo' });
  try {
    const ask = asker(channel);
    const clientInfo = { name: 'demo', version: '1' };
    const protocolVersion = '2025-11-25';
    await ask('initialize', { protocolVersion, capabilities: {}, clientInfo });
    channel.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    return await ask('tools/call', {
      name: 'run_command',
      arguments: { argv: command, cwd: folder ?? homedir(), task: 'show you how asking works' },
    });
  } finally {
    await channel.close();
  }
}

type Ask = (method: string, params: JsonObject) => Promise<JsonObject>;

/** JSON-RPC requests over the channel, one at a time. Rejects with LinkError. */
function asker(channel: McpChannel): Ask {
  let id = 0;
  const waiting = new Map<number, (message: JsonObject) => void>();
  channel.onMessage((message) => waiting.get(Number(message['id']))?.(message));
  return (method, params) =>
    new Promise((resolve, reject) => {
      const mine = ++id;
      const end = (): void => {
        clearTimeout(timer);
        waiting.delete(mine);
      };
      const timer = setTimeout(() => {
        end();
        reject(new LinkError('request_timeout'));
      }, ANSWER_MS);
      waiting.set(mine, ({ result, error }) => {
        end();
        if (error === undefined) resolve(result as JsonObject);
        else reject(new LinkError('bad_reply', { message: JSON.stringify(error) }));
      });
      void channel.closed.then((failure) => {
        end();
        reject(failure ?? new LinkError('link_closed'));
      });
      channel.send({ jsonrpc: '2.0', id: mine, method, params });
    });
}
