// One data directory, one workspace, a host process that is started when somebody needs it, an editor that
// decides, and agents that speak MCP through `hob mcp`. Everything real but the window.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { rmSync } from 'node:fs';
import { findHost } from '#schema/client/find-host.ts';
import type { HostClient } from '#schema/client/host-client.ts';
import { openHost } from '#schema/client/open-host.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import { isAlive } from '../../fakes/is-alive.ts';
import { shipped, shippedHost } from '../../fakes/shipped.ts';
import { TestEditor } from '../../fakes/test-editor.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

export class AgentWorld {
  readonly dataDir = temporaryFolder('mcp-data');
  readonly workspace = temporaryFolder('mcp-work');
  #editor: TestEditor | null = null;
  #clients: HostClient[] = [];
  #agents: RawAgent[] = [];

  /** How an agent starts the bridge. */
  bridge(name = 'tester') {
    return {
      command: process.execPath,
      args: [shipped.hob, 'mcp', '--as', name, '--data-dir', this.dataDir],
      cwd: this.workspace,
    };
  }

  /** A bridge whose lines a test writes and reads itself. */
  rawAgent(name = 'tester'): RawAgent {
    const { command, args, cwd } = this.bridge(name);
    const agent = new RawAgent(spawn(command, args, { cwd, stdio: 'pipe' }));
    this.#agents.push(agent);
    return agent;
  }

  async connect(role: 'extension' | 'cli'): Promise<HostClient> {
    const client = await openHost({ dataDir: this.dataDir, role, program: shippedHost });
    this.#clients.push(client);
    return client;
  }

  /** The editor on the host that runs now; the same person and key each time. */
  async editor(): Promise<TestEditor> {
    const client = await this.connect('extension');
    if (this.#editor === null) {
      this.#editor = new TestEditor(client);
      await this.#editor.enroll();
    } else this.#editor = this.#editor.on(client);
    await this.#editor.open([this.workspace]);
    return this.#editor;
  }

  async hostPid(): Promise<number | null> {
    return (await findHost({ dataDir: this.dataDir }).catch(() => null))?.endpoint.pid ?? null;
  }

  /** kill -9, and resolves when the process is gone. */
  async killHost(): Promise<number | null> {
    const pid = await this.hostPid();
    if (pid === null) return null;
    if (!isAlive(pid)) return null;
    process.kill(pid, 'SIGKILL');
    while (isAlive(pid)) await pause(5);
    return pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const agent of this.#agents) agent.process.kill('SIGKILL');
    for (const client of this.#clients) await client.close();
    // A bridge that was just killed may have started one more host a moment ago.
    for (let quiet = 0; quiet < 3; quiet += 1) {
      if ((await this.killHost()) !== null) quiet = 0;
      await pause(50);
    }
    for (const folder of [this.dataDir, this.workspace])
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** JSON lines to a bridge and back. Every line that it writes must be a message of JSON-RPC. */
export class RawAgent {
  readonly process: ChildProcessWithoutNullStreams;
  readonly received: JsonObject[] = [];
  readonly exit: Promise<number | null>;
  stderr = '';
  #held = '';
  #wake: (() => void)[] = [];

  constructor(child: ChildProcessWithoutNullStreams) {
    this.process = child;
    this.exit = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString('utf8')));
    child.stdout.on('data', (chunk: Buffer) => this.#read(chunk.toString('utf8')));
  }

  send(message: JsonObject): void {
    this.line(JSON.stringify({ jsonrpc: '2.0', ...message }));
  }

  line(text: string): void {
    this.process.stdin.write(`${text}\n`);
  }

  /** The answer to the request of that id. */
  answer(id: number | string | null): Promise<JsonObject> {
    return this.next((message) => message['id'] === id && !('method' in message));
  }

  async next(wanted: (message: JsonObject) => boolean): Promise<JsonObject> {
    for (;;) {
      const found = this.received.find(wanted);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  async request(id: number, method: string, params: JsonObject = {}): Promise<JsonObject> {
    this.send({ id, method, params });
    return this.answer(id);
  }

  /** Opens a session of the 2025 era. */
  async initialize(protocolVersion = '2025-11-25'): Promise<JsonObject> {
    const answer = await this.request(0, 'initialize', {
      protocolVersion,
      capabilities: {},
      clientInfo: { name: 'raw', version: '1' },
    });
    this.send({ method: 'notifications/initialized' });
    return answer;
  }

  call(
    id: number,
    name: string,
    args: JsonObject = {},
    meta: JsonObject = {},
  ): Promise<JsonObject> {
    return this.request(id, 'tools/call', { name, arguments: args, _meta: meta });
  }

  #read(text: string): void {
    const lines = (this.#held + text).split('\n');
    this.#held = lines.pop() ?? '';
    for (const line of lines) {
      const message = JSON.parse(line) as JsonObject;
      if (message['jsonrpc'] !== '2.0') throw new Error(`not a message of JSON-RPC: ${line}`);
      this.received.push(message);
    }
    for (const wake of this.#wake.splice(0)) wake();
  }
}
