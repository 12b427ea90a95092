// A real host process with the profile, an agent with a token, and the front that the suites talk to.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import * as path from 'node:path';
import { openHost } from '#schema/client/open-host.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import { shippedHost } from '../fakes/shipped.ts';
import { bridges, type OpenBridge } from './bridge-link.ts';
import { startFront, type Front } from './front.ts';
import type { ToolSchemas } from './headers.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

export class ConformanceWorld {
  readonly #dataDir = temporaryFolder('conformance');
  #host: ChildProcess | null = null;
  #front: Front | null = null;

  get url(): string {
    return this.#front?.url ?? '';
  }

  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const script = path.join(import.meta.dirname, 'host.ts');
    const host = spawn(process.execPath, [script, '--data-dir', this.#dataDir, '--foreground'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#host = host;
    // Its first line says that it is up.
    await Promise.race([
      once(host.stdout, 'data'),
      once(host, 'exit').then(() => Promise.reject(new Error('the host did not start'))),
    ]);
    const program = shippedHost;
    const client = await openHost({ dataDir: this.#dataDir, role: 'extension', program });
    const { token } = await client.request('agent.add', { name: 'conformance' });
    await client.close();
    const open = bridges({ dataDir: this.#dataDir, token, program });
    this.#front = await startFront(open, headerArguments(open));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#front?.close();
    const host = this.#host;
    if (host !== null && host.exitCode === null) {
      host.kill('SIGTERM');
      await once(host, 'exit');
    }
    rmSync(this.#dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface ListedTool {
  name: string;
  inputSchema: { properties?: Record<string, JsonObject> };
}

/** Asks the host once which arguments its tools want repeated in headers. */
function headerArguments(open: OpenBridge): ToolSchemas {
  let tools: Promise<readonly ListedTool[]> | undefined;
  return async (name) => {
    tools ??= listTools(open);
    const { properties = {} } = (await tools).find((tool) => tool.name === name)?.inputSchema ?? {};
    return new Map(
      Object.entries(properties).flatMap(([argument, { 'x-mcp-header': suffix }]) =>
        typeof suffix === 'string' ? [[argument, suffix] as const] : [],
      ),
    );
  };
}

const listTools = (open: OpenBridge): Promise<readonly ListedTool[]> =>
  new Promise((resolve) => {
    const bridge = open(({ result }) => {
      resolve((result as unknown as { tools: readonly ListedTool[] }).tools);
      void bridge.close();
    });
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    bridge.send({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: meta } });
  });
