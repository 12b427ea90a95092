// Standing permissions: offered on the card, used without one, and ended.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import { printing, startGate, type Agent, type Gate, type GateWindow } from './gate-fixture.ts';
import { palette, screenshot } from './harness/workbench.ts';

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

  const quickInput = () => editor.page.locator('.quick-input-widget:not([style*="display: none"])');
  const choosePreset = async (name: string): Promise<void> => {
    await palette(editor.page, 'Hob: Choose How Much Agents May Do…');
    await quickInput()
      .locator('.monaco-list-row .label-name')
      .getByText(name, { exact: true })
      .click();
    await editor.page
      .locator('.notification-toast', { hasText: `agents may do: ${name}` })
      .first()
      .waitFor();
  };

  it('[G-12] the preset is chosen in the palette; going back to "ask" is signed by this editor', async () => {
    await choosePreset('off');
    const refused = await agent.call('run_command', { argv: printing('while-off') });
    assert.equal(refused.status, 'denied');
    await choosePreset('ask');
    const answer = agent.call('run_command', { argv: printing('asked-again') });
    await editor.answer('asked-again', 'Approve');
    assert.equal((await answer).stdout, 'asked-again\n');
  });

  it('[G-17] the palette lists and ends a permission too', async () => {
    const args = { argv: printing('granted-twice') };
    const first = agent.call('run_command', args);
    const card = await editor.settledCard('granted-twice');
    await card.locator('.remember input').check();
    await editor.press(card, 'Approve from now on');
    assert.equal((await first).status, 'succeeded');
    await palette(editor.page, 'Hob: Revoke Grant…');
    await quickInput().locator('.monaco-list-row', { hasText: 'granted-twice' }).click();
    await editor.page.locator('.notification-toast', { hasText: 'Hob: ended' }).waitFor();
    const { grants } = gate.cli('call', 'grant.list') as { grants: unknown[] };
    assert.deepEqual(grants, []);
  });
});
