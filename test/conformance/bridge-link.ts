// One `hob mcp` in this process: the same code, the same socket, without the start of a process.
import { PassThrough } from 'node:stream';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { HostProgram } from '#schema/client/spawn-host.ts';
import { runMcpBridge } from '#host/cli/mcp-bridge.ts';

export interface BridgeLine {
  send(message: JsonObject): void;
  /** Closes the agent's end. */
  close(): Promise<void>;
}
export type OpenBridge = (onMessage: (message: JsonObject) => void) => BridgeLine;

/** Opens bridges as the agent of `token`. */
export function bridges(options: {
  dataDir: string;
  token: string;
  program: HostProgram;
}): OpenBridge {
  return (onMessage) => {
    const stdin = new PassThrough();
    const stdout = new PassThrough();
    let held = '';
    stdout.on('data', (chunk: Buffer) => {
      const lines = (held + chunk.toString('utf8')).split('\n');
      held = lines.pop() ?? '';
      for (const line of lines) onMessage(JSON.parse(line) as JsonObject);
    });
    const ended = runMcpBridge({
      ...options,
      name: 'conformance',
      cwd: options.dataDir,
      stdin,
      stdout,
      log: (line) => process.stderr.write(`${line}\n`),
    });
    return {
      send: (message) => void stdin.write(`${JSON.stringify(message)}\n`),
      async close() {
        stdin.end();
        await ended;
      },
    };
  };
}
