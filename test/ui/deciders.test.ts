// Who may decide: the first editor at once, another one only after the first has agreed; and nothing runs
// in a folder that nobody trusts.
import assert from 'node:assert/strict';
import { after, afterEach, describe, it } from 'mocha';
import { GateWindow, printing, SETTLE_MS, startGate } from './gate-fixture.ts';
import type { Gate } from './gate-fixture.ts';
import { screenshot } from './harness/workbench.ts';

describe('who may decide', function () {
  this.timeout(150_000);
  let gate: Gate;
  let shown: GateWindow;
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(shown.page, 'deciders-failed');
    await gate?.stop();
  });

  it('[F-92] a second editor decides only after the first one has let it', async () => {
    gate = await startGate();
    const first = (shown = await gate.openWindow());
    const agent = await gate.agent('asker');
    // A profile of its own has no key yet: it is another editor to the host.
    const context = await gate.workbench.newContext();
    const other = new GateWindow(await gate.workbench.openWindow(gate.folder, { context }));
    await other.showPanel();
    const enrolment = await first.settledCard('decider.enroll');

    const answer = agent.call('run_command', { argv: printing('second-editor') });
    const card = other.card('second-editor');
    await card.waitFor();
    await screenshot(other.page, 'deciders-pending');
    // A custom element: its attribute says it.
    await card.locator('.answers .approve[disabled]').waitFor();

    shown = first;
    await first.press(enrolment, 'Approve…');
    await first.page.waitForTimeout(SETTLE_MS);
    await screenshot(first.page, 'deciders-enrolment');
    await first.press(enrolment, 'Yes, do exactly this');

    shown = other;
    await other.answer('second-editor', 'Approve');
    assert.equal((await answer).stdout, 'second-editor\n');
    const { deciders } = gate.cli('call', 'decider.list') as { deciders: unknown[] };
    assert.equal(deciders.length, 2);
    await context.context.close();
  });

  it('[G-20] nothing runs in a folder that is not trusted, and it does once it is', async () => {
    gate = await startGate({ workspaceTrust: true });
    const window = await gate.workbench.openWindow(gate.folder);
    shown = new GateWindow(window);
    const { page } = window;
    await shown.showPanel();
    const agent = await gate.agent('asker');
    const refused = await agent.call('run_command', { argv: printing('untrusted') });
    assert.equal(refused.status, 'denied');
    assert.match(JSON.stringify(refused), /trust/i);
    await screenshot(page, 'deciders-untrusted');

    const banner = shown.panel.getByText('This workspace is not trusted', { exact: true });
    await banner.waitFor();
    await page.getByText('Manage', { exact: true }).first().click();
    await page.getByRole('button', { name: 'Trust', exact: true }).click();
    // Today's editor shows that page over everything else.
    await page.locator('.workspace-trust-limitations.trusted').press('Escape');
    await banner.waitFor({ state: 'detached' });
    await page.waitForTimeout(SETTLE_MS);
    const answer = agent.call('run_command', { argv: printing('trusted') });
    await shown.answer('trusted', 'Approve');
    assert.equal((await answer).stdout, 'trusted\n');
  });

  after(() => gate?.stop());
});
