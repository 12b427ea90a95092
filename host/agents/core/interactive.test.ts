import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { opensPrompt } from './interactive.ts';

describe('opensPrompt', () => {
  for (const line of [
    'bash',
    '/bin/sh',
    'bash -i',
    'bash -l',
    'bash --norc',
    'zsh -f',
    'sh -s x',
    'bash --rcfile x',
    'exec bash',
    'env A=1 bash',
    'sudo -i bash',
    'command bash',
    'script',
    'script -q',
    'python',
    'python3.12',
    'python3 -i x.py',
    'python -',
    'node',
    'node -i',
    'irb',
    'perl',
    'php -a',
    'cd src && bash',
    'true; python3',
    "echo 'x' || sh",
    'ls\nbash',
    'nohup bash &',
    'A=1 bash',
    'bash > log',
    'busybox sh',
  ])
    it(`[G-29] sees the prompt in ${JSON.stringify(line)}`, () =>
      assert.equal(opensPrompt(line), true));

  for (const line of [
    'bash -c ls',
    'bash -lc "ls"',
    'bash x.sh',
    'sh ./run',
    'zsh -ec x',
    'python x.py',
    'python -m pytest',
    'python3 -c 1',
    'node x.js',
    'node --version',
    'perl -e 1',
    'curl x | sh',
    'bash < x',
    'python3 <<EOF',
    'echo bash',
    "echo ';bash'",
    'git bash',
    'sudo ls',
    'env',
    'npm test',
    '',
    'python --version',
    'lua x.lua',
  ])
    it(`[G-29] lets ${JSON.stringify(line)} be asked about`, () =>
      assert.equal(opensPrompt(line), false));
});
