// Agents in the installed package: what each may, what each did, and how a person ends one.
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { printing, SETTLE_MS, type Agent } from './gate-fixture.ts';
import { screenshot } from './harness/workbench.ts';
import { useSharedGate } from './shared-gate.ts';

describe('the agents of a person', () => {
  const at = useSharedGate('agents-user');
  let builder: Agent;
  const line = () => at.editor.panel.locator('.agent-line', { hasText: 'builder' });

  it('[G-65] what an agent did stands under its name, from the record, while it goes on', async () => {
    const scope = ['--actions', 'command.run,fs.read', '--zone', 'supervised'];
    const { token } = at.gate.cli('agent', 'add', 'builder', ...scope) as { token: string };
    builder = await at.gate.agent('builder', at.gate.folder, token);
    const done = builder.run(printing('the-first'));
    await at.editor.answer('the-first', 'Approve');
    assert.equal((await done).status, 'succeeded');

    const { panel } = at.editor;
    await panel.getByRole('tab', { name: 'Agents' }).click();
    await line().click();
    const detail = panel.locator('.agent-detail');
    await detail.getByText('command.run, fs.read · nothing dangerous').waitFor();
    const first = detail.locator('.deed', { hasText: 'the-first' });
    await first.getByText('done').waitFor();

    const refused = builder.run(printing('the-second'));
    await detail.locator('.deed', { hasText: 'the-second' }).getByText('waits for you').waitFor();
    await at.editor.answer('the-second', 'Deny');
    assert.equal((await refused).status, 'denied');
    await detail
      .locator('.deed', { hasText: 'the-second' })
      .getByText(/^stopped/)
      .waitFor();
    assert.equal(await detail.locator('.deed').count(), 2, 'what others did is not here');

    await first.locator('.deed-line').click();
    await first.getByText(/Approved: .*you, by click/).waitFor();
    await first.getByText(/Started: /).waitFor();
    await screenshot(at.editor.page, 'agents-deeds');
  });

  it('[G-65] [A-32] is ended with the keyboard at the second press, and cannot go on', async () => {
    const { panel, page } = at.editor;
    const focused = () => panel.evaluate(() => document.activeElement?.textContent.trim());
    // What has the focus only now is pressed by nothing that comes at once.
    const enter = async (): Promise<void> => {
      await page.waitForTimeout(SETTLE_MS);
      await page.keyboard.press('Enter');
    };
    const pressOn = async (label: string): Promise<void> => {
      for (let presses = 0; (await focused()) !== label; presses += 1) {
        assert.ok(presses < 20, `Tab does not lead to "${label}"`);
        await page.keyboard.press('Tab');
      }
      await enter();
    };
    await line().focus();
    await pressOn('Revoke');
    await panel.getByText('Its token is good for nothing any more').waitFor();
    assert.equal(await focused(), 'Keep it', 'the safe answer has the focus');
    await enter();
    await panel.getByText('Its token is good for nothing').waitFor({ state: 'detached' });
    await pressOn('Revoke');
    await page.keyboard.press('Shift+Tab');
    await screenshot(page, 'agents-revoke');
    await page.keyboard.press('Enter');
    await panel.getByRole('status').getByText('is revoked.').waitFor();
    await line().waitFor({ state: 'detached' });
    await assert.rejects(builder.call('get_status', {}), /revoked/);
  });
});
