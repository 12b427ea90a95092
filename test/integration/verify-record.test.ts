// What `hob verify` reads where no host runs: the record as it lies there, and a copy of one.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { verifyRecord } from '#host/runtime/verify-record.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

describe('a record without a host', () => {
  let t: TestHost;
  let copy: string;
  beforeEach(async () => {
    copy = temporaryFolder('copy');
    t = await startTestHost();
    const agent = await t.host.connect('agent', 'codex');
    const call = {
      action: 'command.run' as const,
      tool: 'shell',
      argv: ['touch', 'a'],
      cwd: t.workspace,
      arguments: {},
    };
    const asked = agent.request('approval.request', { call });
    await t.editor.respond(await t.editor.nextCard(), 'approve');
    await asked;
  });
  afterEach(async () => {
    await t[Symbol.asyncDispose]();
    rmSync(copy, { recursive: true, force: true });
  });

  const changed = (sql: string): void => {
    const database = new DatabaseSync(join(copy, 'events.db'));
    database.exec(sql);
    database.close();
  };

  it('[G-55] [A-114] verifies as the host itself does, and is not changed by it', async () => {
    const byHost = await t.editor.client.request('audit.verify', {});
    await t.host.stop({ drain: false });
    const file = join(t.dataDir, 'events.db');
    const before = readFileSync(file);
    const found = await verifyRecord(t.dataDir);
    assert.deepEqual([found.ok, found.decisions, found.problems], [true, 1, []]);
    // The host wrote of its own end after that.
    assert.equal(found.events, byHost.events + 1);
    assert.ok(readFileSync(file).equals(before));
  });

  it('[G-55] verifies as a killed host left it, and as a copy in another place', async () => {
    const byHost = await t.editor.client.request('audit.verify', {});
    cpSync(t.dataDir, copy, { recursive: true });
    const found = await verifyRecord(copy);
    assert.deepEqual(found, byHost);
  });

  it('[W-22] holds an export against it, and claims nothing for what was erased in it since', async () => {
    const { events } = await t.editor.client.request('event.query', { limit: 500 });
    await t.host.stop({ drain: false });
    cpSync(t.dataDir, copy, { recursive: true });
    const file = join(copy, 'exported.jsonl');
    writeFileSync(file, events.map((event) => JSON.stringify(event)).join('\n'));
    const lines = events.length;
    const held = await verifyRecord(copy, file);
    assert.deepEqual(held.export, { lines, same: lines, erased: 0, problems: [] });
    changed('DELETE FROM evt_content WHERE seq = 2');
    const { export: later } = await verifyRecord(copy, file);
    assert.deepEqual(later, { lines, same: lines - 1, erased: 1, problems: [] });
  });

  it('[A-36] shows what was changed in it', async () => {
    await t.host.stop({ drain: false });
    cpSync(t.dataDir, copy, { recursive: true });
    changed(`DROP TRIGGER evt_content_no_update;
      UPDATE evt_content SET content = replace(content, '"approve"', '"deny"')`);
    const { ok, problems } = await verifyRecord(copy);
    assert.equal(ok, false);
    const codes = problems.map(({ code }) => code);
    for (const code of ['schema_changed', 'signature_invalid'])
      assert.ok(codes.includes(code), code);
  });

  it('[G-09] says what is wrong with one that cannot be read', async () => {
    await assert.rejects(verifyRecord(copy), { code: 'not_found' });
    writeFileSync(join(copy, 'events.db'), 'this is no database');
    await assert.rejects(verifyRecord(copy), { code: 'store_unavailable' });
    await t.host.stop({ drain: false });
    cpSync(t.dataDir, copy, { recursive: true });
    changed('PRAGMA user_version = 99');
    await assert.rejects(verifyRecord(copy), { code: 'store_unavailable', message: /newer Hob/ });
  });
});
