// An agent asks in the evening, the person holds the question and comes back the next day: the wall clock of
// editor and host is a day ahead by then, and the agent that asked has gone.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'mocha';
import { printing, startGate, type Gate, type GateWindow } from './gate-fixture.ts';
import { screenshot } from './harness/workbench.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const DAY_MS = 24 * 3_600_000;

describe('a question over night', function () {
  const clock = path.join(temporaryFolder('clock'), 'ahead');
  let gate: Gate;
  let editor: GateWindow;

  before(async () => {
    writeFileSync(clock, '0');
    const preload = pathToFileURL(path.join(import.meta.dirname, '../fakes/moved-clock.ts'));
    gate = await startGate({ preload: preload.href, env: { HOB_TEST_CLOCK: clock } });
    editor = await gate.openWindow();
  });
  after(async () => {
    await gate.stop();
    rmSync(path.dirname(clock), { recursive: true, force: true });
  });

  it('[G-72] [G-10] [G-16] is held, approved the next day, and its result is there for the agent', async () => {
    const evening = await gate.agent('night-shift');
    const asked = evening.run(printing('next-day')).catch(() => null);
    await editor.answer('next-day', 'Hold');
    await editor.status().filter({ hasText: '1 held' }).waitFor();
    const { approvals } = (await evening.call('list_approvals', {})) as unknown as {
      approvals: { approval_id: string; run_id: string; status: string }[];
    };
    const [held] = approvals;
    assert.equal(held?.status, 'held');
    await evening.close();
    await asked;

    writeFileSync(clock, String(DAY_MS));
    const morning = await gate.agent('night-shift');
    const before = await morning.call('get_approval', { approval_id: held.approval_id });
    assert.equal(before.status, 'held', 'a night is no answer');
    await screenshot(editor.page, 'next-day-held');
    await editor.answer('next-day', 'Approve');
    const run = await morning.call('get_run', { run_id: held.run_id, wait_ms: 30_000 });
    assert.deepEqual([run.status, run.stdout], ['succeeded', 'next-day\n']);

    // What Hob does every night has run meanwhile as well.
    const of = { run_id: held.run_id, limit: 1_000 };
    const { events } = gate.cli('call', 'event.query', JSON.stringify(of)) as {
      events: { event_type: string; recorded_at: string }[];
    };
    const at = (type: string): number[] =>
      events.filter((e) => e.event_type === type).map((e) => Date.parse(e.recorded_at));
    assert.equal(at('run.started').length, 1);
    assert.ok(Number(at('approval.decided')[0]) - Number(at('approval.requested')[0]) > DAY_MS);
  });
});
