import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { isWithin, placeOf, type Place } from './places.ts';

const landmarks = {
  folders: ['/work/app'],
  home: '/home/me',
  dataDir: '/home/me/.local/share/hob',
};

const cases: [string, Place][] = [
  ['/work/app/src/a.ts', 'workspace'],
  ['/work/app', 'workspace'],
  ['/work/application/a.ts', 'outside'],
  ['/etc/passwd', 'outside'],
  ['/home/me/.ssh/id_ed25519', 'credential'],
  ['/home/me/.aws/credentials', 'credential'],
  ['/work/app/.env', 'credential'],
  ['/work/app/.env.production', 'credential'],
  ['/work/app/.env.example', 'workspace'],
  ['/work/app/cert.pem', 'credential'],
  ['/work/app/.vscode/tasks.json', 'protected'],
  ['/work/app/.git/hooks/pre-commit', 'protected'],
  ['/work/app/.gitignore', 'workspace'],
  ['/home/me/.bashrc', 'protected'],
  ['/home/me/.codex/config.toml', 'protected'],
  ['/home/me/.codex/auth.json', 'credential'],
  ['/home/me/.local/share/hob/events.db', 'credential'],
  ['/proc/self/environ', 'credential'],
];

describe('places', () => {
  for (const [path, place] of cases)
    it(`[G-18] ${path} is ${place}`, () => assert.equal(placeOf(path, landmarks), place));
  it('[G-18] a sibling with the same beginning is not inside', () =>
    assert.equal(isWithin('/work/app2', '/work/app'), false));
});
