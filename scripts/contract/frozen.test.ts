import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { brokenPromises, frozenNames, grow, type Frozen } from './frozen.ts';

const file = new URL('../../schema/commands/registry.freeze.json', import.meta.url);
const frozen = JSON.parse(readFileSync(file, 'utf8')) as Frozen;

describe('the frozen contract', () => {
  it('[F-32] [F-33] [G-01] nothing that was promised is gone', () => {
    assert.deepEqual(brokenPromises(frozen, frozenNames()), []);
  });

  it('[F-33] [G-01] holds every name that there is', () => {
    assert.deepEqual(grow(frozen, frozenNames()), frozen, 'run: npm run docs');
  });

  it('[F-33] a command, role, field, event or error that goes away is a broken promise', () => {
    const planted = (change: (now: Frozen) => void): string[] => {
      const now = structuredClone(frozenNames());
      change(now);
      return brokenPromises(frozen, now);
    };
    const ping = (now: Frozen) => now.commands['host.ping'] ?? assert.fail('there is no host.ping');
    assert.deepEqual(
      planted((now) => delete now.commands['host.ping']),
      ['command host.ping is gone'],
    );
    assert.deepEqual(
      planted((now) => (ping(now).roles = ping(now).roles.filter((role) => role !== 'cli'))),
      ['host.ping: role cli is gone'],
    );
    assert.deepEqual(
      planted((now) => (ping(now).result = ['now'])),
      ['host.ping: result field echo is gone'],
    );
    assert.deepEqual(
      planted((now) => (ping(now).required = ['echo'])),
      ['host.ping: optional field echo is required now'],
    );
    assert.deepEqual(
      planted((now) => now.wire_events.splice(now.wire_events.indexOf('event.appended'), 1)),
      ['event event.appended is gone'],
    );
    assert.deepEqual(
      planted((now) => now.errors.splice(now.errors.indexOf('bad_frame'), 1)),
      ['error bad_frame is gone'],
    );
    assert.deepEqual(
      planted((now) => now.stored_events.splice(now.stored_events.indexOf('approval.decided'), 1)),
      ['stored event approval.decided is gone'],
    );
  });
});
