/** One Codex with a home of its own, connected to Hob the way `hob agent connect codex` does it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { AgentConnector } from '#host/agents/connect/service.ts';
import type { Launch } from '#host/agents/core/connect/launch.ts';
import { isolation, kill, killMarked, MARK } from '../../fakes/marked-processes.ts';
import { toolDir, toolMarker } from '../../../scripts/lib/tool-table.mjs';
import { scripts } from './scripts.ts';
import type { SessionResult, SessionSpec } from './session-process.ts';
import { agentConnector } from '../../fakes/agent-connector.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

/** No session takes anywhere near this long; beyond it the tree is killed and the test fails. */
const LIMIT_MS = 300_000;

export class CodexHome {
  readonly root: string;
  readonly workspace: string;
  readonly connector: AgentConnector;
  /** In the environment of everything a session starts: what is left over can be found by it. */
  readonly #mark = randomUUID();
  #running: ChildProcess | null = null;

  private constructor(root: string, launch?: Launch) {
    this.root = root;
    this.workspace = join(root, 'workspace');
    this.connector = agentConnector(root, { launch });
  }

  /** `launch` gets the folder of this home, for what must lie in it; left out where the host connects Codex. */
  static async create(launch?: (root: string) => Launch): Promise<CodexHome> {
    const root = temporaryFolder('codex');
    const codex = new CodexHome(root, launch?.(root));
    await mkdir(codex.workspace);
    await mkdir(join(codex.home, '.codex'), { recursive: true });
    await writeFile(codex.configFile, baseConfig(root));
    return codex;
  }

  get home(): string {
    return join(this.root, 'home');
  }
  get configFile(): string {
    return join(this.home, '.codex', 'config.toml');
  }
  get mcpLog(): string {
    return join(this.root, 'mcp.log');
  }
  exists(name: string): boolean {
    return existsSync(join(this.workspace, name));
  }
  mcpCalls(): string[] {
    return existsSync(this.mcpLog) ? readFileSync(this.mcpLog, 'utf8').trim().split('\n') : [];
  }
  config(): Promise<string> {
    return readFile(this.configFile, 'utf8');
  }

  async connect({ undo = false } = {}): Promise<void> {
    const { plan_hash } = await this.connector.plan('codex', { undo });
    await this.connector.apply('codex', { undo, plan_hash });
  }

  /** One session, start to end. */
  async run(
    options: Pick<SessionSpec, 'steps'> & Partial<Pick<SessionSpec, 'mode' | 'trust'>>,
  ): Promise<SessionResult> {
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: this.home,
      SCRIPTED_KEY: 'none',
      [MARK]: this.#mark,
      HOB_CACHE_DIR: process.env['HOB_CACHE_DIR'] ?? '',
    };
    const spec: SessionSpec = {
      codex: codexProgram(),
      cwd: this.workspace,
      env,
      mode: 'exec',
      trust: 'bypass',
      ...options,
    };
    const specFile = join(this.root, 'session.json');
    await writeFile(specFile, JSON.stringify(spec));
    const command = [...isolation(), process.execPath, scripts.session, specFile];
    const child = spawn(command[0] as string, command.slice(1), {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, HOME: process.env['HOME'] ?? '/' },
    });
    this.#running = child;
    const timer = setTimeout(() => this.#kill(), LIMIT_MS);
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    clearTimeout(timer);
    this.#running = null;
    if (output === '') throw new Error(`the session ended without a result: ${errors}`);
    const result = JSON.parse(output) as SessionResult;
    if (result.unknownPaths.length > 0)
      throw new Error(`Codex asked for ${result.unknownPaths.join(', ')}`);
    return result;
  }

  /** Kills the session that runs, with everything it started. */
  interrupt(): void {
    this.#kill();
  }

  /** Ends what still runs and removes everything. */
  async close(): Promise<void> {
    this.#kill();
    await rm(this.root, { recursive: true, force: true });
  }

  /** The group, and whatever made a group of its own: an agent's hooks and shells do. */
  #kill(): void {
    if (this.#running?.pid !== undefined) kill(-this.#running.pid);
    killMarked(this.#mark);
  }
}

/** What the tests say about the model and the outside world; Hob's part is added by connecting. */
const baseConfig = (root: string): string => `model = "gpt-5.5"
model_provider = "scripted"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false

[analytics]
enabled = false

[model_providers.scripted]
name = "scripted"
base_url = "http://127.0.0.1:1/v1"
env_key = "SCRIPTED_KEY"
wire_api = "responses"

[mcp_servers.files]
command = ${JSON.stringify(process.execPath)}
args = [${JSON.stringify(scripts.mcp)}, ${JSON.stringify(join(root, 'mcp.log'))}]
`;

/** The pinned CLI that scripts/bootstrap.mjs installs. */
function codexProgram(): string {
  if (!existsSync(toolMarker('codex')))
    throw new Error('The Codex CLI is not installed: run node scripts/bootstrap.mjs');
  return join(toolDir('codex'), 'node_modules', '.bin', 'codex');
}
