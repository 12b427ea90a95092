/** One agent CLI with a home of its own, connected by a real host the way panel and CLI do it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ApprovalView } from '#schema/views/approval.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import { toolDir, toolMarker } from '../../../scripts/lib/tool-table.mjs';
import { bundleScript } from '../../fakes/bundle-script.ts';
import { isolation, kill, killMarked, MARK } from '../../fakes/marked-processes.ts';
import type { ModelStep } from '../../fakes/scripted-model.ts';
import type { TestEditor } from '../../fakes/test-editor.ts';
import { HostProcess } from '../codex/host-process.ts';
import { scripts } from '../codex/scripts.ts';
import type { CliResult, CliSession } from './cli-process.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

/** No session takes anywhere near this long; beyond it the tree is killed and the test fails. */
const LIMIT_MS = 300_000;

const sessionScript = await bundleScript(join(import.meta.dirname, 'cli-process.ts'));

const NOWHERE = { command: '', args: [] };

/** What is particular to one CLI. */
export interface Cli {
  readonly agent: 'gemini' | 'cline' | 'copilot-cli';
  /** What its package calls the program, where that is not the name of the agent. */
  readonly program?: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Its own settings, by path below the home: the model, and another MCP server called `files`. */
  settings(server: { command: string; args: string[] }): Readonly<Record<string, JsonObject>>;
}

export class CliWorld {
  readonly host: HostProcess;
  readonly root: string;
  readonly #cli: Cli;
  readonly #mark = randomUUID();
  readonly #files: readonly string[];
  #running: ChildProcess | null = null;

  private constructor(cli: Cli, root: string, host: HostProcess) {
    this.#files = Object.keys(cli.settings(NOWHERE)).map((name) => join(root, 'home', name));
    this.#cli = cli;
    this.root = root;
    this.host = host;
  }

  static async create(cli: Cli): Promise<CliWorld> {
    const root = temporaryFolder(cli.agent);
    const home = join(root, 'home');
    await mkdir(join(root, 'workspace'));
    const server = { command: process.execPath, args: [scripts.mcp, join(root, 'mcp.log')] };
    for (const [name, content] of Object.entries(cli.settings(server))) {
      await mkdir(dirname(join(home, name)), { recursive: true });
      await writeFile(join(home, name), JSON.stringify(content));
    }
    const world = new CliWorld(cli, root, await HostProcess.start(join(root, 'data'), home));
    await world.editor.open([world.workspace]);
    const { plan } = await world.editor.client.request('agent.connect_plan', { name: cli.agent });
    const { plan_hash } = plan;
    await world.editor.client.request('agent.connect_apply', { name: cli.agent, plan_hash });
    return world;
  }

  get editor(): TestEditor {
    return this.host.editor;
  }
  get home(): string {
    return join(this.root, 'home');
  }
  get workspace(): string {
    return join(this.root, 'workspace');
  }
  exists(name: string): boolean {
    return existsSync(join(this.workspace, name));
  }
  /** Tools of the other MCP server that were really called. */
  mcpCalls(): string[] {
    const log = join(this.root, 'mcp.log');
    return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
  }

  /** Ends the host for good: the agent's MCP bridge, taken out here, would start another one. */
  async endHost(settingsFile: string): Promise<void> {
    await this.host.kill();
    const file = join(this.home, settingsFile);
    const settings = JSON.parse(await readFile(file, 'utf8')) as { mcpServers: { hob?: object } };
    delete settings.mcpServers.hob;
    await writeFile(file, JSON.stringify(settings));
  }

  /** One session, start to end; `acp`: driven as an editor does, with these arguments. */
  async run(steps: readonly ModelStep[], acp?: readonly string[]): Promise<CliResult> {
    const { agent, program: name = agent, args, env } = this.#cli;
    if (!existsSync(toolMarker(agent)))
      throw new Error(`${agent} is not installed: run node scripts/bootstrap.mjs`);
    const program = join(toolDir(agent), 'node_modules', '.bin', name);
    const session: CliSession = {
      command: [program, ...(acp ?? args)],
      files: this.#files,
      cwd: this.workspace,
      steps,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: this.home,
        [MARK]: this.#mark,
        HOB_CACHE_DIR: process.env['HOB_CACHE_DIR'] ?? '',
        ...env,
      },
      ...(acp === undefined ? {} : { acp: true }),
    };
    const file = join(this.root, 'session.json');
    await writeFile(file, JSON.stringify(session));
    const command = [...isolation(), process.execPath, sessionScript, file];
    const child = spawn(command[0] as string, command.slice(1), {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, [MARK]: this.#mark },
    });
    this.#running = child;
    const timer = setTimeout(() => this.#kill(), LIMIT_MS);
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    clearTimeout(timer);
    this.#kill();
    if (output === '') throw new Error(`the session ended without a result: ${errors}`);
    const result = JSON.parse(output) as CliResult;
    if (result.unknownPaths.length > 0)
      throw new Error(`${agent} asked for ${result.unknownPaths.join(', ')}`);
    return result;
  }

  /** The next card of a session, however long its program takes to start; one that ends without a card says what it did instead. */
  async cardOf(session: Promise<CliResult>): Promise<ApprovalView> {
    let ended: CliResult | Error | null = null;
    session.then(
      (result) => (ended = result),
      (failure: Error) => (ended = failure),
    );
    for (;;) {
      const card = (await this.editor.waiting()).at(-1);
      if (card !== undefined) return card;
      if (ended !== null)
        throw new Error(`ended without a card: ${JSON.stringify(ended).slice(0, 4_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async close(): Promise<void> {
    this.#kill();
    await this.host.kill();
    await rm(this.root, { recursive: true, force: true });
  }

  /** The group, and whatever made a group of its own: Cline leaves a daemon. */
  #kill(): void {
    if (this.#running?.pid !== undefined) kill(-this.#running.pid);
    this.#running = null;
    killMarked(this.#mark);
  }
}
