// Standing permissions: offered on the card, used without one, and ended.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import { printing, startGate, type Agent, type Gate, type GateWindow } from './gate-fixture.ts';
import { screenshot } from './harness/workbench.ts';

describe('standing permissions', function () {
  this.timeout(120_000);
  let gate: Gate;
  let editor: GateWindow;
  let agent: Agent;

  before(async () => {
    gate = await startGate();
    editor = await gate.openWindow();
    agent = await gate.agent('granted');
  });
  after(() => gate?.stop());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(editor.page, 'grants-failed');
  });

  const argv = printing('granted-call');

  it('[G-17] a grant is given with an answer, used without a card, and asked for again once revoked', async () => {
    const first = agent.call('run_command', { argv });
    const card = await editor.settledCard('granted-call');
    await card.locator('.remember input').check();
    await editor.page.waitForTimeout(700);
    await card.locator('.answers .approve').click();
    assert.equal((await first).status, 'succeeded');

    const second = await agent.call('run_command', { argv });
    assert.deepEqual([second.status, second.stdout], ['succeeded', 'granted-call\n']);

    await editor.panel.getByRole('tab', { name: /permission|grants/i }).click();
    const item = editor.panel.locator('li.item', { hasText: 'used once' });
    await item.waitFor();
    await screenshot(editor.page, 'grants-listed');
    await item.getByRole('button', { name: /^Revoke/ }).click();
    await editor.panel.locator('li.item').waitFor({ state: 'detached' });

    const third = agent.call('run_command', { argv });
    await editor.answer('granted-call', 'Deny');
    assert.equal((await third).status, 'denied');
  });
});
