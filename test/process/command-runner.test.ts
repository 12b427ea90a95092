import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { ActionCall } from '#schema/views/action-call.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import type { Outcome } from '#host/runs/ports.ts';
import { CommandRunner } from '#host/runs/runners/command/command-runner.ts';
import { isAlive } from '../fakes/is-alive.ts';
import { HEAD_BYTES, TAIL_BYTES } from '#host/runs/runners/command/kept-output.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

let root: string;
let folder: string;
let artifacts: Buffer[];

/** Artifacts in memory: what was written is what a test looks at. */
const memoryArtifacts = {
  read: () => Promise.resolve(null),
  open: () => {
    const parts: Buffer[] = [];
    return {
      write: (chunk: Buffer) => void parts.push(Buffer.from(chunk)),
      finish: () => Promise.resolve(`art_${artifacts.push(Buffer.concat(parts))}`),
    };
  },
};

const runner = (
  change: { timeoutMs?: number; env?: Record<string, string>; folders?: string[] } = {},
): CommandRunner =>
  new CommandRunner({
    folders: () => change.folders ?? [folder],
    env: { ...process.env, ...change.env },
    clock: systemClock,
    artifacts: memoryArtifacts,
    timeoutMs: () => change.timeoutMs ?? 20_000,
  });

const call = (argv: string[], more: Partial<ActionCall> = {}): ActionCall => ({
  action: 'command.run',
  tool: 'command.run',
  argv,
  arguments: { argv },
  ...more,
});

async function prepared(using: CommandRunner, wanted: ActionCall): Promise<ActionCall> {
  const answer = await using.prepare(wanted, 'ws_test');
  if (!answer.ok) throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
  return answer.call;
}

async function run(
  argv: string[],
  options: Parameters<typeof runner>[0] & { signal?: AbortSignal; more?: Partial<ActionCall> } = {},
): Promise<Outcome> {
  const using = runner(options);
  const ready = await prepared(using, call(argv, options.more));
  const signal = options.signal ?? new AbortController().signal;
  return using.execute({
    run_id: 'run_1',
    tool_call_id: 'tc_1',
    workspace_id: 'ws_test',
    call: ready,
    signal,
  });
}

const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'resolved',
    (failure: unknown) => (failure as { code?: string }).code,
  );
function stdoutOf({ result }: Outcome): string {
  const text = result?.['stdout'];
  assert.ok(typeof text === 'string');
  return text;
}
/** A node program that a test writes down where it is used. */
const program = (source: string): string[] => [process.execPath, '-e', source];

async function gone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (!isAlive(pid)) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
}
describe('command runner', () => {
  beforeEach(() => {
    root = temporaryFolder('runner');
    folder = path.join(root, 'workspace');
    mkdirSync(folder);
    artifacts = [];
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('[L-18] runs argv as it is, without a shell', async () => {
    const outcome = await run([
      ...program('console.log(JSON.stringify(process.argv.slice(1)))'),
      '$HOME',
      '`id`',
      '*',
      'a b',
      '; rm -rf /',
      '',
    ]);
    assert.equal(outcome.ok, true);
    assert.deepEqual(JSON.parse(stdoutOf(outcome)), [
      '$HOME',
      '`id`',
      '*',
      'a b',
      '; rm -rf /',
      '',
    ]);
  });

  it('keeps both streams and the exit code of a command that fails', async () => {
    const outcome = await run(program('console.log("out"); console.error("err"); process.exit(3)'));
    assert.ok(!outcome.ok);
    assert.equal(outcome.error.code, 'command_failed');
    const { exit_code, signal, stdout, stderr, truncated } = outcome.result ?? {};
    assert.deepEqual(
      { exit_code, signal, stdout, stderr, truncated },
      { exit_code: 3, signal: null, stdout: 'out\n', stderr: 'err\n', truncated: false },
    );
  });

  it('gives the program nothing to read', async () => {
    const outcome = await run(
      program('process.stdin.on("data", () => {}).on("end", () => console.log("ended"))'),
    );
    assert.equal(outcome.result?.['stdout'], 'ended\n');
  });

  it('hands on known environment names and the ones the call is bound to', async () => {
    const env = {
      API_TOKEN: 'secret',
      NAMED: 'yes',
      HOB_DATA_DIR: '/x',
      VSCODE_PID: '1',
      LC_ALL: 'C',
    };
    const outcome = await run(program('console.log(JSON.stringify(process.env))'), {
      env,
      more: { env_names: ['NAMED', 'HOB_DATA_DIR', 'VSCODE_PID'] },
    });
    const seen = JSON.parse(stdoutOf(outcome)) as Record<string, string>;
    assert.deepEqual(
      [seen['API_TOKEN'], seen['NAMED'], seen['HOB_DATA_DIR'], seen['VSCODE_PID'], seen['LC_ALL']],
      [undefined, 'yes', undefined, undefined, 'C'],
    );
    assert.equal(seen['PATH'], process.env['PATH']);
  });

  describe('before anything is committed', () => {
    it('binds the real folder and the real program, the same when it is asked again', async () => {
      symlinkSync(process.execPath, path.join(folder, 'tool'));
      const using = runner();
      const first = await prepared(using, call(['./tool', '--version']));
      assert.deepEqual([first.cwd, first.executable], [folder, realpathSync(process.execPath)]);
      assert.deepEqual(await prepared(using, first), first);
    });

    it('does not believe an executable that the caller names', async () => {
      const ready = await prepared(runner(), call([process.execPath], { executable: '/bin/true' }));
      assert.equal(ready.executable, realpathSync(process.execPath));
    });

    for (const [title, make] of [
      ['a folder outside', () => root],
      ['a folder that climbs out', () => path.join(folder, '..')],
      ['a folder that does not exist', () => path.join(folder, 'nowhere')],
      ['a file', () => process.execPath],
      [
        'a link that leads out',
        () => (symlinkSync(root, path.join(folder, 'way-out')), path.join(folder, 'way-out')),
      ],
      [
        'a folder whose name begins like the workspace',
        () => (mkdirSync(`${folder}-two`), `${folder}-two`),
      ],
    ] as const) {
      it(`refuses ${title} as path_outside_workspace`, async () => {
        assert.equal(
          await codeOf(prepared(runner(), call([process.execPath], { cwd: make() }))),
          'path_outside_workspace',
        );
      });
    }

    it('refuses when no window says what the workspace is', async () => {
      assert.equal(
        await codeOf(prepared(runner({ folders: [] }), call([process.execPath]))),
        'no_editor',
      );
    });

    it('refuses programs that are not there or may not be executed', async () => {
      writeFileSync(path.join(folder, 'data'), 'x', { mode: 0o644 });
      for (const name of ['no-such-program-anywhere', './data', './', '/', '../workspace'])
        assert.equal(await codeOf(prepared(runner(), call([name]))), 'command_not_found', name);
    });

    it('does not look for programs in relative folders of PATH', async () => {
      symlinkSync(process.execPath, path.join(folder, 'planted'));
      assert.equal(
        await codeOf(prepared(runner({ env: { PATH: '.:bin:' } }), call(['planted']))),
        'command_not_found',
      );
    });

    it('refuses what is not argv, an empty program and NUL bytes', async () => {
      const { argv: _argv, ...line } = call(['x'], { command_line: 'echo hi' });
      for (const wrong of [
        line,
        call(['']),
        call([process.execPath, 'a\0b']),
        call([process.execPath], { action: 'fs.write' }),
      ])
        assert.equal(await codeOf(prepared(runner(), wrong)), 'invalid_payload');
    });

    it('refuses to run a link that was changed after it was shown', async () => {
      const link = path.join(folder, 'tool');
      symlinkSync(process.execPath, link);
      const using = runner();
      const shown = await prepared(using, call(['./tool', '-e', '0']));
      rmSync(link);
      symlinkSync('/bin/sh', link);
      const outcome = await using.execute({
        run_id: 'run_1',
        tool_call_id: 'tc_1',
        workspace_id: 'ws_test',
        call: shown,
        signal: new AbortController().signal,
      });
      assert.ok(!outcome.ok && outcome.error.code === 'arguments_changed');
    });
  });

  describe('the end of it', () => {
    /** Starts a child in its group, says its pid, and waits. */
    const withChild = (childSource: string, after: string): string[] =>
      program(
        `const { spawn } = require('node:child_process'); const c = spawn(process.execPath, ['-e', ${JSON.stringify(childSource)}], { stdio: 'inherit' }); console.log(c.pid); ${after}`,
      );
    const pidIn = (outcome: Outcome): number => Number.parseInt(stdoutOf(outcome), 10);

    it('takes along a child that the program leaves behind', async () => {
      const outcome = await run(
        withChild(
          'setInterval(() => {}, 1000)',
          'c.unref(); setTimeout(() => process.exit(0), 50)',
        ),
      );
      assert.equal(outcome.ok, true);
      assert.ok(await gone(pidIn(outcome)));
    });

    it('kills a group that ignores being asked, when it is cancelled', async () => {
      const cancel = new AbortController();
      const deaf = `process.on('SIGTERM', () => {});`;
      const child = `${deaf} require('node:fs').writeFileSync('ready', ''); setInterval(() => {}, 1000)`;
      const running = run(withChild(child, deaf), { signal: cancel.signal });
      await waitForFile(path.join(folder, 'ready'));
      cancel.abort('cancelled');
      const outcome = await running;
      assert.ok(!outcome.ok && outcome.result?.['signal'] === 'SIGKILL');
      assert.ok(await gone(pidIn(outcome)));
    });

    it('stops what runs too long, and says so', async () => {
      const outcome = await run(program('setInterval(() => {}, 1000)'), { timeoutMs: 300 });
      assert.ok(!outcome.ok && outcome.error.code === 'command_timeout');
      assert.equal(outcome.result?.['signal'], 'SIGTERM');
    });

    it('does not wait for a process that has left the group and holds its output open', async () => {
      const outcome = await run(
        program(
          `const { spawn } = require('node:child_process'); const c = spawn('sleep', ['30'], { stdio: 'inherit', detached: true }); c.unref(); console.log(c.pid); process.exit(0)`,
        ),
      );
      assert.equal(outcome.ok, true);
      // It left the group on purpose, so it is not followed: the test ends what it started.
      process.kill(pidIn(outcome), 'SIGKILL');
    });

    it('starts nothing when it was cancelled before', async () => {
      const outcome = await run(program('require("node:fs").writeFileSync("started", "")'), {
        signal: AbortSignal.abort(),
      });
      assert.equal(outcome.ok, false);
      assert.throws(() => readFileSync(path.join(folder, 'started')));
    });
  });

  describe('output', () => {
    it('keeps the beginning and the end of a flood, and all of it as an artifact', async () => {
      const lines = 40_000;
      const outcome = await run(
        program(`for (let i = 0; i < ${lines}; i++) console.log(String(i).padStart(63, '.'))`),
      );
      const text = stdoutOf(outcome);
      assert.equal(outcome.result?.['truncated'], true);
      assert.ok(
        text.startsWith(`${'0'.padStart(63, '.')}\n`) &&
          text.endsWith(`${String(lines - 1).padStart(63, '.')}\n`),
      );
      assert.match(
        text,
        new RegExp(`\\[… ${lines * 64 - HEAD_BYTES - TAIL_BYTES} bytes left out …\\]`),
      );
      const expected = Array.from(
        { length: lines },
        (_, i) => `${String(i).padStart(63, '.')}\n`,
      ).join('');
      assert.equal(outcome.result?.['stdout_artifact'], 'art_1');
      assert.equal(artifacts[0]?.toString('utf8'), expected);
    });

    it('makes no artifact of what fits', async () => {
      const bytes = HEAD_BYTES + TAIL_BYTES;
      const outcome = await run(program(`process.stdout.write('x'.repeat(${bytes}))`));
      assert.deepEqual(
        [outcome.result?.['truncated'], stdoutOf(outcome).length, artifacts.length],
        [false, bytes, 0],
      );
    });

    it('replaces bytes that are not UTF-8', async () => {
      const outcome = await run(
        program('process.stdout.write(Buffer.from([0x61, 0xff, 0xfe, 0x62]))'),
      );
      assert.equal(outcome.result?.['stdout'], 'a\uFFFD\uFFFDb');
    });
  });
});

async function waitForFile(file: string): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    try {
      readFileSync(file);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  throw new Error('the program did not get ready');
}
