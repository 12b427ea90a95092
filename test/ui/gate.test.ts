// The main job, on the installed package: an agent asks over MCP, a person answers on the card, it
// happens or it does not, and the agent hears which.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import { printing, startGate, type Agent, type Gate, type GateWindow } from './gate-fixture.ts';
import { palette, screenshot } from './harness/workbench.ts';

describe('the gate', function () {
  this.timeout(120_000);
  let gate: Gate;
  let editor: GateWindow;
  let agent: Agent;

  before(async () => {
    gate = await startGate();
    editor = await gate.openWindow();
    agent = await gate.agent('tester');
  });
  after(() => gate?.stop());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(editor.page, 'gate-failed');
  });

  it('[M-02] [M-37] [A-04] [F-16] [U-09] approve: the call runs once, and the agent gets its output', async () => {
    const answer = agent.call('run_command', { argv: printing('approved-one') });
    const card = await editor.settledCard('approved-one');
    await screenshot(editor.page, 'gate-card');
    assert.match(await card.innerText(), /tester/);
    await editor.answer('approved-one', 'Approve');
    const { status, stdout, exit_code: code } = await answer;
    assert.deepEqual([status, stdout, code], ['succeeded', 'approved-one\n', 0]);
    const query = JSON.stringify({ event_type: ['approval.decided', 'toolcall.requested'] });
    const { events } = gate.cli('call', 'event.query', query) as {
      events: { event_type: string; actor: { role: string } }[];
    };
    const decided = events.find(({ event_type: type }) => type === 'approval.decided');
    assert.equal(decided?.actor.role, 'panel', 'the panel is a principal of its own');
    await editor.panel.getByText('Approved: node print.cjs approved-one').first().waitFor();
    await screenshot(editor.page, 'gate-approved');
  });

  it('[A-52] deny: nothing runs, and the agent hears why', async () => {
    const answer = agent.call('run_command', { argv: printing('denied-one') });
    await editor.answer('denied-one', 'Deny');
    const { status, stdout } = await answer;
    assert.equal(status, 'denied');
    assert.ok(!stdout);
  });

  it('[A-86] [G-38] the status bar counts what waits, and what is held', async () => {
    const answer = agent.call('run_command', { argv: printing('held-one') });
    await editor.settledCard('held-one');
    await editor.status().filter({ hasText: '1 waiting' }).waitFor();
    await editor.answer('held-one', 'Hold');
    await editor.status().filter({ hasText: '1 held' }).waitFor();
    await screenshot(editor.page, 'gate-held');
    await editor.answer('held-one', 'Approve');
    assert.equal((await answer).stdout, 'held-one\n');
    await editor.status().filter({ hasNotText: 'held' }).waitFor();
  });

  it('[G-52] [F-111] [F-06] two windows show the same card; answered in one, it is settled in the other', async () => {
    const second = await gate.openWindow();
    const answer = agent.call('run_command', { argv: printing('both-windows') });
    await Promise.all([editor.settledCard('both-windows'), second.settledCard('both-windows')]);
    await second.answer('both-windows', 'Approve');
    assert.equal((await answer).stdout, 'both-windows\n');
    await editor.card('both-windows').waitFor({ state: 'detached' });
    await screenshot(editor.page, 'gate-settled-elsewhere');
    await second.page.close();
  });

  it('[G-53] a reload of the window loses nothing', async () => {
    const answer = agent.call('run_command', { argv: printing('reloaded') });
    await editor.settledCard('reloaded');
    await editor.page.reload();
    await editor.showPanel();
    await editor.answer('reloaded', 'Approve');
    assert.equal((await answer).stdout, 'reloaded\n');
  });

  it('[A-82] a restart by hand drains the host, and what waits is still there', async () => {
    const asked = agent.call('run_command', { argv: printing('restarted') }).catch(String);
    await editor.settledCard('restarted');
    const before = gate.hostPid();
    await palette(editor.page, 'Hob: Restart Host');
    await gate.nextHost(before);
    await editor.findPanel();
    await editor.answer('restarted', 'Deny');
    await asked;
  });

  it('[A-82] [G-05] the host is killed while a call waits: it is started again, and the card is still there', async () => {
    const asked = agent.call('run_command', { argv: printing('survivor') }).catch(String);
    await editor.settledCard('survivor');
    const before = gate.hostPid();
    process.kill(before, 'SIGKILL');
    await gate.nextHost(before);
    await editor.findPanel();
    await editor.status().filter({ hasText: '1 waiting' }).waitFor({ timeout: 30_000 });
    const card = await editor.settledCard('survivor');
    const id = await card.getAttribute('data-approval');
    await editor.answer('survivor', 'Approve');
    await asked;
    const approval = await agent.call('get_approval', { approval_id: id });
    const run = await agent.call('get_run', { run_id: approval.run_id, wait_ms: 10_000 });
    assert.deepEqual([run.status, run.stdout], ['succeeded', 'survivor\n']);
  });
});
