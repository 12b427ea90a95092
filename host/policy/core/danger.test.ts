import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { dangerOfArgv } from './danger.ts';

const dangerous: string[][] = [
  ['git', 'push', '--force', 'origin', 'main'],
  ['git', 'push', '-f'],
  ['git', 'push', 'origin', '+main'],
  ['git', 'push', 'origin', ':main'],
  ['git', '-C', '/x', 'push', '--force-with-lease=main'],
  ['git', 'reset', '--hard', 'HEAD~3'],
  ['git', 'clean', '-fdx'],
  ['git', 'rebase', '-i', 'main'],
  ['git', 'branch', '-D', 'feature'],
  ['git', '-c', 'core.pager=touch x', 'log'],
  ['git', 'checkout', '--', '.'],
  ['rm', '-rf', '/'],
  ['/bin/rm', 'a'],
  ['find', '.', '-name', 'x', '-delete'],
  ['find', '.', '-exec', 'rm', '{}', ';'],
  ['npm', 'publish'],
  ['npm', 'run', 'deploy:prod'],
  ['docker', 'push', 'x'],
  ['kubectl', 'apply', '-f', 'x.yaml'],
  ['terraform', 'apply'],
  ['sudo', 'ls'],
  ['sh', '-c', 'ls'],
  ['bash'],
  ['/usr/bin/env', 'bash', '-c', 'ls'],
  ['node', '-e', '1'],
  ['python3', '-c', 'print(1)'],
  ['python3.12', '-c', 'print(1)'],
  ['perl', '-ne', 'print'],
  ['awk', 'BEGIN{system("id")}'],
  ['node'],
  ['xargs', 'rm'],
  ['timeout', '5', 'rm', 'x'],
  ['ssh', 'host', 'ls'],
  ['curl', '-X', 'POST', 'https://example.com'],
  ['curl', '-sSo', '/tmp/x', 'https://example.com'],
  ['chmod', '777', 'x'],
  ['kill', '-9', '1'],
  ['dd', 'if=/dev/zero', 'of=/dev/sda'],
  ['mkfs.ext4', '/dev/sda1'],
  ['crontab', '-r'],
  ['gpg', '--export-secret-keys'],
  ['hob', 'call', 'grant.list'],
  ['node', '/opt/hob/dist/hob.js', 'say', 'approve'],
];

const ordinary: string[][] = [
  ['git', 'push', 'origin', 'feature'],
  ['git', 'status'],
  ['git', 'commit', '-m', 'reset the --hard way'],
  ['npm', 'test'],
  ['npm', 'run', 'build'],
  ['node', 'scripts/build.mjs'],
  ['python3', 'manage.py', 'test'],
  ['ls', '-la'],
  ['cargo', 'build'],
  ['eslint', 'src'],
  ['find', '.', '-name', '*.ts'],
];

describe('danger', () => {
  for (const argv of dangerous)
    it(`[G-18] ${argv.join(' ')} is dangerous`, () => assert.notDeepEqual(dangerOfArgv(argv), []));
  for (const argv of ordinary)
    it(`[G-18] ${argv.join(' ')} is ordinary`, () => assert.deepEqual(dangerOfArgv(argv), []));
});
