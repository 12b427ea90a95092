import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { array, constantFrom, sample } from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { shellCommands, type PlainCommand } from '#host/kernel/shell-words.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

/** `seen` is a shell function that writes its words down. Most random lines hit an edge of quoting. */
const piece = constantFrom(
  'seen',
  'seen a',
  ' && seen e',
  ' | seen g',
  '; seen h',
  ' || seen i',
  ' > f6; seen j',
  ' b',
  'c-d',
  "'x y'",
  '"p q"',
  '\\ ',
  ' && ',
  ' || ',
  '; ',
  '\n',
  ' | ',
  ' > f1 ',
  ' >> f2',
  ' 2>&1 ',
  ' >/dev/null ',
  ' 2>f3',
  ' < /dev/null',
  ' & ',
  '(',
  ')',
  '#',
  '$x',
  '`',
  '*',
  '{',
  "'",
  '"',
  '\\\n',
  ' <<E',
  ' &> f4',
  '>| f5',
  ';;',
  '=',
  'A=1 ',
  ' 3 ',
  'if ',
);

const lines = (seed: number): string[] =>
  sample(array(piece, { minLength: 1, maxLength: 8 }), { seed, numRuns: 8_000 }).map(
    (parts) => `seen ${parts.join('')}`,
  );

/** What runs when every command succeeds: the pipeline after `||` does not. */
function expected(commands: readonly PlainCommand[]): { argv: string[]; writes: string[] } {
  const run: PlainCommand[] = [];
  let isSkipping = false;
  for (const command of commands) {
    if (command.after !== '|') isSkipping = command.after === '||';
    if (!isSkipping) run.push(command);
  }
  const seen = run.filter((c) => c.argv[0] === 'seen').map((c) => JSON.stringify(c.argv.slice(1)));
  return { argv: seen.toSorted(), writes: [...new Set(run.flatMap((c) => c.writes))].toSorted() };
}

/** Commands that the test can watch, and that succeed: what runs after `&&` depends on it. */
const isObservable = ({ argv, reads, writes }: PlainCommand): boolean =>
  argv[0] === 'seen' &&
  reads.every((file) => file === '/dev/null') &&
  writes.every((file) => !file.includes('/'));

describe('shellCommands against real shells', function () {
  let folder: string;
  before(() => {
    folder = temporaryFolder('shell');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs each line in one shell process, in a folder of its own; the words that `seen` got and the files that came. */
  function observe(shell: string, all: readonly string[]): { argv: string[]; writes: string[] }[] {
    const root = mkdtempSync(join(folder, 'run-'));
    const script = [
      // One write a call: the commands of a pipeline run at the same time.
      `seen() { printf '%s\\0' CALL "$@" >> "$LOG"; }`,
      ...all.map(
        (line, i) =>
          `mkdir d${i}; LOG=$PWD/log${i}; : > "$LOG"; (cd d${i}; ${line}\n) </dev/null >/dev/null 2>&1`,
      ),
    ].join('\n');
    writeFileSync(join(root, 'script'), script);
    const done = spawnSync(shell, [join(root, 'script')], {
      cwd: root,
      env: { PATH: process.env['PATH'] },
    });
    assert.equal(done.error, undefined);
    assert.equal(
      done.stderr.toString(),
      '',
      `the script itself is broken: ${JSON.stringify(
        script
          .split('\n')
          .slice(Number(/script: (?:line )?(\d+)/.exec(done.stderr.toString())?.[1]) - 3)
          .slice(0, 4),
      )}`,
    );
    return all.map((_, i) => {
      const log = readFileSync(join(root, `log${i}`), 'utf8');
      const calls = log
        .split('CALL\0')
        .slice(1)
        .map((words) => JSON.stringify(words.split('\0').slice(0, -1)));
      return { argv: calls.toSorted(), writes: readdirSync(join(root, `d${i}`)).toSorted() };
    });
  }

  for (const shell of ['/bin/sh', '/bin/bash'])
    it(`[G-18] every line read as plain commands runs exactly these in ${shell}`, () => {
      const understood = lines(7)
        .map((line) => ({ line, commands: shellCommands(line) }))
        .filter(({ commands }) => commands !== null && commands.every(isObservable))
        .slice(0, 800);
      assert.ok(understood.length > 500, `only ${understood.length} lines were understood`);
      assert.ok(understood.filter((x) => (x.commands?.length ?? 0) > 1).length > 200);
      const observed = observe(
        shell,
        understood.map((x) => x.line),
      );
      for (const [i, { line, commands }] of understood.entries())
        assert.deepEqual(observed[i], expected(commands ?? []), JSON.stringify(line));
    });

  it('[G-43] the comparison can fail: a reader that overlooks the second command is caught', () => {
    const [observed] = observe('/bin/sh', ['seen a && seen b']);
    assert.notDeepEqual(observed, expected((shellCommands('seen a && seen b') ?? []).slice(0, 1)));
  });

  for (const line of [
    'a & b',
    '(a)',
    'a $(b)',
    'a `b`',
    'a > $x',
    'a << E',
    'FOO=1 a',
    'a; if b',
    'a >',
    'a | ',
    '> f',
    'a && ',
    'a ;; b',
    'a > ~/x',
    'a *',
  ])
    it(`[G-18] ${line} is not read as plain commands`, () =>
      assert.equal(shellCommands(line), null));
});
