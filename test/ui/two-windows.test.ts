// Two windows at one host: another editor decides only after the first has agreed, both show the same
// cards, and a sentence acts where it was typed.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { BrowserContext } from 'playwright-core';
import { GateWindow, printing, SETTLE_MS } from './gate-fixture.ts';
import { screenshot } from './harness/workbench.ts';
import { useSharedGate } from './shared-gate.ts';

describe('two windows', function () {
  const at = useSharedGate('asker');
  let other: GateWindow;
  let profile: BrowserContext | undefined;

  before(async () => {
    const { workbench } = at.gate;
    // A profile of its own has no key yet: it is another editor to the host.
    const context = await workbench.newContext();
    profile = context.context;
    const folder = workbench.makeFolder({ 'b.txt': 'two\n' });
    other = new GateWindow(await workbench.openWindow(folder, { context }));
    await other.showPanel();
  });
  after(() => profile?.close());

  it('[F-92] a second editor decides only after the first one has let it', async () => {
    const { gate, editor: first, agent } = at;
    const enrolment = await first.settledCard('decider.enroll');

    const answer = agent.run(printing('second-editor'));
    const card = other.card('second-editor');
    await card.waitFor();
    await screenshot(other.page, 'windows-pending');
    // A custom element: its attribute says it.
    await card.locator('.answers .approve[disabled]').waitFor();

    await first.press(enrolment, 'Approve…');
    await first.page.waitForTimeout(SETTLE_MS);
    await screenshot(first.page, 'windows-enrolment');
    await first.press(enrolment, 'Yes, do exactly this');

    await other.answer('second-editor', 'Approve');
    assert.equal((await answer).stdout, 'second-editor\n');
    const { deciders } = gate.cli('call', 'decider.list') as { deciders: unknown[] };
    assert.equal(deciders.length, 2);
  });

  it('[G-52] [F-111] [F-06] both show the same card; answered in one, it is settled in the other', async () => {
    const { editor: first, agent } = at;
    const answer = agent.run(printing('both-windows'));
    await Promise.all([first.settledCard('both-windows'), other.settledCard('both-windows')]);
    await other.answer('both-windows', 'Approve');
    assert.equal((await answer).stdout, 'both-windows\n');
    await first.card('both-windows').waitFor({ state: 'detached' });
    await screenshot(first.page, 'windows-settled-elsewhere');
  });

  it('[G-22] a sentence acts in the window of its folder, and in no other', async () => {
    const { gate, editor: first } = at;
    const input = other.panel.locator('.say-input');
    await input.fill('toggle terminal');
    await input.press('Enter');
    const terminal = '.part.panel .terminal-outer-container';
    await other.page.locator(terminal).waitFor();
    assert.equal(await first.page.locator(terminal).filter({ visible: true }).count(), 0);
    const { windows } = gate.cli('call', 'runtime.status') as { windows: number };
    assert.equal(windows, 2);
  });
});
