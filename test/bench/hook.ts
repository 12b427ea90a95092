// What an agent waits for a hook that says yes at once, against the start of Node alone.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildLabel } from '#schema/client/build-label.ts';
import { openHost } from '#schema/client/open-host.ts';
import { TestEditor } from '../fakes/test-editor.ts';
import { isRestless, quantile, type BenchTable } from './table.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const ROUNDS = 15;
const hostScript = resolve('dist/host.js');
const hookScript = resolve('dist/hook.js');

/** Milliseconds from the start of a process to its end; rejects when it did not end well. */
function timeProcess(argv: readonly string[], stdin: string, expect: RegExp): Promise<number> {
  return new Promise((done, fail) => {
    const started = performance.now();
    const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.on('error', fail);
    child.on('close', (code) => {
      const took = performance.now() - started;
      if (code === 0 && expect.test(stdout)) done(took);
      else fail(new Error(`ended with ${code}: ${stdout}`));
    });
    child.stdin.end(stdin);
  });
}

/** Codex takes silence for a yes; a no is JSON. */
const SILENCE = /^$/;

const question = (cwd: string): string =>
  JSON.stringify({
    session_id: 'bench',
    turn_id: 'bench',
    cwd,
    hook_event_name: 'PreToolUse',
    model: 'bench',
    permission_mode: 'default',
    tool_name: 'Bash',
    tool_input: { command: 'git status' },
    tool_use_id: `call_${Math.random()}`,
  });

export async function run(): Promise<BenchTable> {
  const dataDir = temporaryFolder('bench-data');
  const workspace = temporaryFolder('bench-ws');
  const program = { nodePath: process.execPath, hostScript, build: buildLabel(hostScript) };
  const editor = new TestEditor(await openHost({ dataDir, role: 'extension', program }));
  const floor: number[] = [];
  const hook: number[] = [];
  try {
    await editor.enroll();
    await editor.open([workspace]);
    const argv = [hookScript, 'codex', '--data-dir', dataDir];
    const ask = (): Promise<number> => timeProcess(argv, question(workspace), SILENCE);
    await ask();
    for (let round = 0; round < ROUNDS; round++) {
      floor.push(await timeProcess(['-e', '0'], '', SILENCE));
      hook.push(await ask());
    }
  } finally {
    await editor.client.request('host.shutdown', { drain: false });
    await editor.client.close();
    for (const folder of [dataDir, workspace]) rmSync(folder, { recursive: true, force: true });
  }
  const value = quantile(hook, 0.25);
  const bare = quantile(floor, 0.25);
  const row = { unit: 'ms', floor: bare };
  return {
    name: 'hook',
    rows: [
      {
        what: 'hook answers an allowed call',
        value,
        ...row,
        goal: '≤ 3× a bare node start',
        ok: value <= 3 * bare,
      },
      { what: '  p99', value: quantile(hook, 0.99), ...row, goal: '', ok: null },
    ],
    inconclusive: isRestless(floor),
  };
}
