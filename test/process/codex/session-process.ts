/**
 * Runs in its own process (and, where the system allows, without any network): the scripted model
 * and one real Codex talking to it. Reads a SessionSpec as JSON from the file in argv, prints one
 * SessionResult as JSON.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { startScriptedModel, type ModelStep, type ToolResult } from '../../fakes/scripted-model.ts';
import { askAppServer } from './app-server.ts';

export interface SessionSpec {
  readonly codex: string;
  readonly steps: readonly ModelStep[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** `exec` is headless; `app-server` is what editors speak, with prompts of its own. */
  readonly mode: 'exec' | 'app-server';
  /** `bypass` lets untrusted hooks run; `click` trusts them the way an editor's button does. */
  readonly trust: 'none' | 'bypass' | 'click';
}

export interface SessionResult {
  readonly exit: number | null;
  readonly toolResults: readonly ToolResult[];
  readonly unknownPaths: readonly string[];
  /** Prompts that Codex itself would have shown (app-server only). */
  readonly prompts: readonly string[];
  readonly stderr: string;
}

const spec = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as SessionSpec;
const model = await startScriptedModel(spec.steps);
const provider = ['-c', `model_providers.scripted.base_url="${model.baseUrl}"`];
try {
  const { exit, prompts, stderr } = spec.mode === 'exec' ? await runExec() : await runAppServer();
  const result: SessionResult = {
    exit,
    prompts,
    stderr,
    toolResults: model.toolResults(),
    unknownPaths: model.unknownPaths(),
  };
  process.stdout.write(JSON.stringify(result));
} finally {
  await model.close();
}

interface Ran {
  readonly exit: number | null;
  readonly prompts: readonly string[];
  readonly stderr: string;
}

function runExec(): Promise<Ran> {
  const trust = spec.trust === 'bypass' ? ['--dangerously-bypass-hook-trust'] : [];
  const args = ['exec', '--skip-git-repo-check', '--json', ...provider, ...trust, 'do it'];
  const child = spawn(spec.codex, args, {
    cwd: spec.cwd,
    env: { ...spec.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit) => resolve({ exit, prompts: [], stderr }));
  });
}

async function runAppServer(): Promise<Ran> {
  const child = spawn(spec.codex, ['app-server', ...provider], {
    cwd: spec.cwd,
    env: { ...spec.env },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  try {
    const prompts = await askAppServer(child, { cwd: spec.cwd, trust: spec.trust === 'click' });
    return { exit: 0, prompts, stderr: '' };
  } finally {
    child.kill('SIGKILL');
  }
}
