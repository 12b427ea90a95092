import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { decideListing } from './decide-listing.ts';
import { evolveServer, isUsable, type PinnedTool, type ServerRecord } from './server-record.ts';

const sha = (letter: string): string => letter.repeat(64);
const tool = (name: string, letter: string): PinnedTool => ({
  sha256: sha(letter),
  definition: { name, description: letter, input_schema: {} },
});
const server_id = 'srv_00000000000000000000000000';
const listing = (...tools: PinnedTool[]) => ({ capability_set: '{}', tools, left_out: 0 });
const stored = (event: DomainEvent): StoredEvent =>
  ({ event_type: event.type, data: event.data, occurred_at: 'now' }) as unknown as StoredEvent;
const after = (server: ServerRecord | null, ...events: DomainEvent[]): ServerRecord => {
  const digest = (text: string) => text;
  const next = events.map(stored).reduce((s, event) => evolveServer(s, event, digest), server);
  assert.ok(next !== null);
  return next;
};
const added = after(null, {
  type: 'server.added',
  data: {
    server_id,
    name: 'files',
    transport: {
      kind: 'stdio',
      argv: ['x'],
      env_names: [],
      variables: [],
      reads: [],
      writes: [],
      network: false,
    },
    executable: '/x',
    isolation: { level: 'none', words: '' },
  },
});
const listed = (server: ServerRecord, ...tools: PinnedTool[]): ServerRecord =>
  after(server, ...decideListing(server, listing(...tools)));

describe('the listing of a server', () => {
  it('[X-06] pins the first, and says nothing of the same again', () => {
    const first = listed(added, tool('a', '1'));
    assert.ok(isUsable(first.tools?.['a']));
    assert.deepEqual(decideListing(first, listing(tool('a', '1'))), []);
  });

  it('[X-06] quarantines what changed and what is new, once for each text, and keeps the rest', () => {
    const first = listed(added, tool('a', '1'), tool('b', '1'));
    const events = decideListing(first, listing(tool('a', '2'), tool('b', '1'), tool('c', '1')));
    assert.deepEqual(
      events.map(({ type, data }) => [type, 'name' in data ? data.name : '']),
      [
        ['server.tool_quarantined', 'a'],
        ['server.tool_quarantined', 'c'],
      ],
    );
    const second = after(first, ...events);
    assert.deepEqual(
      Object.values(second.tools ?? {}).map((known) => isUsable(known)),
      [false, true, false],
    );
    assert.deepEqual(decideListing(second, listing(tool('a', '2'), tool('c', '1'))), []);
    assert.equal(decideListing(second, listing(tool('a', '3'))).length, 1);
  });

  it('[X-06] frees what reads again as it is pinned, and what was accepted as it reads now', () => {
    const changed = listed(listed(added, tool('a', '1')), tool('a', '2'));
    assert.ok(isUsable(listed(changed, tool('a', '1')).tools?.['a']));
    const accept = (sha256: string): DomainEvent => ({
      type: 'server.tool_accepted',
      data: { server_id, server: 'files', name: 'a', sha256, approval_id: null },
    });
    const accepted = after(changed, accept(sha('2')));
    assert.ok(isUsable(accepted.tools?.['a']));
    assert.equal(accepted.tools?.['a']?.pinned?.sha256, sha('2'));
    // A yes to a text that is not the one in quarantine frees nothing.
    assert.ok(!isUsable(after(changed, accept(sha('3'))).tools?.['a']));
    assert.ok(!isUsable(listed(accepted, tool('a', '1')).tools?.['a']));
  });
});
