import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { commandSteps, onlyArgv } from './commands.ts';

const steps = (command_line: string) =>
  commandSteps({ action: 'command.run', tool: 'Bash', command_line, arguments: {} });

describe('the programs of a command line', () => {
  it('[G-18] are told apart, each with its folder and its files', () => {
    assert.deepEqual(steps('cd src && npm test 2>&1 | tail -5 > out.txt'), [
      { argv: ['npm', 'test'], folders: ['src'], files: [], writes: false },
      { argv: ['tail', '-5'], folders: ['src'], files: ['out.txt'], writes: true },
    ]);
  });
  it('[G-18] are one program where a standing permission may look at it', () => {
    assert.deepEqual(onlyArgv(steps('npm test 2>&1')), ['npm', 'test']);
    for (const line of ['npm test > x', 'npm test && ls', 'cd x && npm test', 'npm test < x'])
      assert.equal(onlyArgv(steps(line)), null, line);
  });
  for (const line of [
    'cd x; rm y',
    'cd x || rm y',
    'cd',
    'cd -',
    'cd a b && ls',
    'ls | cd x',
    'cd x | ls',
    'cd $X && ls',
  ])
    it(`[G-18] cannot be told for sure in ${line}`, () => assert.equal(steps(line), null));
});
