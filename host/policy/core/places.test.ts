import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { isWithin, placeOf, type Place } from './places.ts';

const landmarks = {
  folders: ['/srv/app'],
  home: '/home/me',
  dataDir: '/home/me/.local/share/hob',
};

const cases: [string, Place][] = [
  ['/srv/app/src/a.ts', 'workspace'],
  ['/srv/app', 'workspace'],
  ['/srv/application/a.ts', 'outside'],
  ['/etc/passwd', 'outside'],
  ['/home/me/.ssh/id_ed25519', 'credential'],
  ['/home/me/.aws/credentials', 'credential'],
  ['/srv/app/.env', 'credential'],
  ['/srv/app/.env.production', 'credential'],
  ['/srv/app/.env.example', 'workspace'],
  ['/srv/app/cert.pem', 'credential'],
  ['/srv/app/.vscode/tasks.json', 'protected'],
  ['/srv/app/.git/hooks/pre-commit', 'protected'],
  ['/srv/app/.gitignore', 'workspace'],
  ['/home/me/.bashrc', 'protected'],
  ['/home/me/.codex/config.toml', 'protected'],
  ['/home/me/.cline/hooks/PreToolUse', 'protected'],
  ['/home/me/.cline/data/settings/providers.json', 'credential'],
  ['/home/me/.agents/plugins/hob/hooks/hooks.json', 'protected'],
  ['/home/me/.gemini/oauth_creds.json', 'credential'],
  ['/home/me/.codex/auth.json', 'credential'],
  ['/home/me/.local/share/hob/events.db', 'credential'],
  ['/proc/self/environ', 'credential'],
];

describe('places', () => {
  for (const [path, place] of cases)
    it(`[G-18] ${path} is ${place}`, () => assert.equal(placeOf(path, landmarks), place));
  it('[G-18] a sibling with the same beginning is not inside', () =>
    assert.equal(isWithin('/srv/app2', '/srv/app'), false));
});
