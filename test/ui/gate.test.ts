// The main job, on the installed package: an agent asks over MCP, a person answers on the card, it
// happens or it does not, and the agent hears which.
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { printing } from './gate-fixture.ts';
import { palette, screenshot } from './harness/workbench.ts';
import { useSharedGate } from './shared-gate.ts';

describe('the gate', function () {
  const at = useSharedGate('tester');

  it('[M-02] [M-37] [A-04] [F-16] [U-09] approve: the call runs once, and the agent gets its output', async () => {
    const answer = at.agent.run(printing('approved-one'));
    const card = await at.editor.settledCard('approved-one');
    await screenshot(at.editor.page, 'gate-card');
    assert.match(await card.innerText(), /tester/);
    await at.editor.answer('approved-one', 'Approve');
    const { status, stdout, exit_code: code, approval_id: id } = await answer;
    assert.deepEqual([status, stdout, code], ['succeeded', 'approved-one\n', 0]);
    const query = JSON.stringify({ event_type: ['approval.decided', 'toolcall.requested'] });
    const { events } = at.gate.cli('call', 'event.query', query) as {
      events: { event_type: string; actor: { role: string }; data: { approval_id?: string } }[];
    };
    const decided = events.find(
      ({ event_type: type, data }) => type === 'approval.decided' && data.approval_id === id,
    );
    assert.equal(decided?.actor.role, 'panel', 'the panel is a principal of its own');
    await at.editor.panel.getByText('Approved: node print.cjs approved-one').first().waitFor();
    await screenshot(at.editor.page, 'gate-approved');
  });

  it('[A-52] deny: nothing runs, and the agent hears why', async () => {
    const answer = at.agent.run(printing('denied-one'));
    await at.editor.answer('denied-one', 'Deny');
    const { status, stdout } = await answer;
    assert.equal(status, 'denied');
    assert.ok(!stdout);
  });

  it('[A-86] [G-38] the status bar counts what waits, and what is held', async () => {
    const answer = at.agent.run(printing('held-one'));
    await at.editor.settledCard('held-one');
    await at.editor.status().filter({ hasText: '1 waiting' }).waitFor();
    await at.editor.answer('held-one', 'Hold');
    await at.editor.status().filter({ hasText: '1 held' }).waitFor();
    await screenshot(at.editor.page, 'gate-held');
    await at.editor.answer('held-one', 'Approve');
    assert.equal((await answer).stdout, 'held-one\n');
    await at.editor.status().filter({ hasNotText: 'held' }).waitFor();
  });

  it('[G-53] a reload of the window loses nothing', async () => {
    const answer = at.agent.run(printing('reloaded'));
    await at.editor.settledCard('reloaded');
    await at.editor.page.reload();
    await at.editor.showPanel();
    await at.editor.answer('reloaded', 'Approve');
    assert.equal((await answer).stdout, 'reloaded\n');
  });

  it('[A-82] a restart by hand drains the host, and what waits is still there', async () => {
    const asked = at.agent.run(printing('restarted')).catch(String);
    await at.editor.settledCard('restarted');
    const before = at.gate.hostPid();
    await palette(at.editor.page, 'Hob: Restart Host');
    await at.gate.nextHost(before);
    await at.editor.findPanel();
    await at.editor.answer('restarted', 'Deny');
    await asked;
  });

  it('[A-82] [G-05] the host is killed while a call waits: it is started again, and the card is still there', async () => {
    const asked = at.agent.run(printing('survivor')).catch(String);
    await at.editor.settledCard('survivor');
    const before = at.gate.hostPid();
    process.kill(before, 'SIGKILL');
    await at.gate.nextHost(before);
    await at.editor.findPanel();
    await at.editor.status().filter({ hasText: '1 waiting' }).waitFor();
    const card = await at.editor.settledCard('survivor');
    const id = await card.getAttribute('data-approval');
    await at.editor.answer('survivor', 'Approve');
    await asked;
    const approval = await at.agent.call('get_approval', { approval_id: id });
    const run = await at.agent.call('get_run', { run_id: approval.run_id, wait_ms: 10_000 });
    assert.deepEqual([run.status, run.stdout], ['succeeded', 'survivor\n']);
  });
});
