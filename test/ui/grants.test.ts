// Standing permissions: offered on the card, used without one, and ended.
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { printing, SETTLE_MS } from './gate-fixture.ts';
import { palette, screenshot } from './harness/workbench.ts';
import { useSharedGate } from './shared-gate.ts';

describe('standing permissions', function () {
  const at = useSharedGate('granted');

  const argv = printing('granted-call');

  it('[G-17] a grant is given with an answer, used without a card, and asked for again once revoked', async () => {
    const first = at.agent.run(argv);
    const card = await at.editor.settledCard('granted-call');
    await card.locator('.remember input').check();
    await at.editor.page.waitForTimeout(SETTLE_MS);
    await card.locator('.answers .approve').click();
    assert.equal((await first).status, 'succeeded');

    const second = await at.agent.run(argv);
    assert.deepEqual([second.status, second.stdout], ['succeeded', 'granted-call\n']);

    await at.editor.panel.getByRole('tab', { name: /permission|grants/i }).click();
    const item = at.editor.panel.locator('li.item', { hasText: 'used once' });
    await item.waitFor();
    await screenshot(at.editor.page, 'grants-listed');
    await at.editor.page.waitForTimeout(SETTLE_MS);
    await item.getByRole('button', { name: /^Revoke/ }).click();
    await at.editor.panel.locator('li.item').waitFor({ state: 'detached' });

    const third = at.agent.run(argv);
    await at.editor.answer('granted-call', 'Deny');
    assert.equal((await third).status, 'denied');
  });

  const choosePreset = async (name: string): Promise<void> => {
    await palette(at.editor.page, 'Hob: Choose How Much Agents May Do…');
    await at.editor
      .quickInput()
      .locator('.monaco-list-row .label-name')
      .getByText(name, { exact: true })
      .click();
    await at.editor.page
      .locator('.notification-toast', { hasText: `agents may do: ${name}` })
      .first()
      .waitFor();
  };

  it('[G-12] the preset is chosen in the palette; going back to "ask" is signed by this editor', async () => {
    await choosePreset('off');
    const refused = await at.agent.run(printing('while-off'));
    assert.equal(refused.status, 'denied');
    await choosePreset('ask');
    const answer = at.agent.run(printing('asked-again'));
    await at.editor.answer('asked-again', 'Approve');
    assert.equal((await answer).stdout, 'asked-again\n');
  });

  it('[G-17] the palette lists and ends a permission too', async () => {
    const first = at.agent.run(printing('granted-twice'));
    const card = await at.editor.settledCard('granted-twice');
    await card.locator('.remember input').check();
    await at.editor.press(card, 'Approve from now on');
    assert.equal((await first).status, 'succeeded');
    await palette(at.editor.page, 'Hob: Revoke Grant…');
    await at.editor.quickInput().locator('.monaco-list-row', { hasText: 'granted-twice' }).click();
    await at.editor.page.locator('.notification-toast', { hasText: 'Hob: ended' }).waitFor();
    const { grants } = at.gate.cli('call', 'grant.list') as { grants: unknown[] };
    assert.deepEqual(grants, []);
  });
});
