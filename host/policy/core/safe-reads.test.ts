import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { isSafeRead } from './safe-reads.ts';

const safe = [
  ['ls', '-la', 'src'],
  ['git', 'status', '--short'],
  ['git', 'log', '--oneline', '-5'],
  ['git', 'diff', '--stat', 'HEAD~1'],
  ['cat', 'README.md'],
  ['head', '-n', '20', 'x'],
  ['rg', '-n', 'foo', 'src'],
  ['pwd'],
  ['git', 'branch', '--show-current'],
];
const unsafe = [
  ['git', 'log', '--output=x'],
  ['git', 'diff', '--ext-diff'],
  ['git', 'branch', 'new'],
  ['git', 'branch', '-D', 'x'],
  ['git', '-C', '/etc', 'status'],
  ['git', 'remote', 'add', 'x', 'y'],
  ['rg', '--pre', 'sh', 'x'],
  ['/tmp/ls', '-la'],
  ['./cat', 'x'],
  ['sort', '-o', 'x', 'y'],
  ['tail', '-f', 'x'],
  ['tree', '-o', 'x'],
  ['git', 'push'],
  [],
];

describe('safe reads', () => {
  for (const argv of safe)
    it(`[G-31] ${argv.join(' ')} is answered without a card`, () =>
      assert.equal(isSafeRead(argv), true));
  for (const argv of unsafe)
    it(`[G-31] ${argv.join(' ')} is not`, () => assert.equal(isSafeRead(argv), false));
});
