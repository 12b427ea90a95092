// The other ways to answer and to steer, on the installed package: palette, notification, danger's second
// step, kill switch, the demo agent, and sentences whose effect only the window itself shows.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { printing, SETTLE_MS, startGate } from './gate-fixture.ts';
import type { Agent, Gate, GateWindow } from './gate-fixture.ts';
import { palette, screenshot } from './harness/workbench.ts';

describe('answering and steering from the editor', function () {
  this.timeout(120_000);
  let gate: Gate;
  let editor: GateWindow;
  let agent: Agent;

  before(async () => {
    gate = await startGate();
    editor = await gate.openWindow();
    agent = await gate.agent('ways');
  });
  after(() => gate?.stop());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(editor.page, 'ways-failed');
    await editor.page.keyboard.press('Escape');
  });

  const run = (text: string) => agent.call('run_command', { argv: printing(text) });
  const quickInput = (): Locator =>
    editor.page.locator('.quick-input-widget:not([style*="display: none"])');
  const toast = (text: string): Locator =>
    editor.page.locator('.notification-toast', { hasText: text });
  const waiting = (count: string): Promise<void> =>
    editor.status().filter({ hasText: count }).waitFor();

  it('[G-15] the palette shows the exact call and approves it, signed as "palette"', async () => {
    const answer = run('by-palette');
    await waiting('1 waiting');
    await palette(editor.page, 'Hob: Approve…');
    const row = quickInput().locator('.monaco-list-row', { hasText: 'node print.cjs by-palette' });
    await row.waitFor();
    await screenshot(editor.page, 'ways-palette');
    await editor.page.waitForTimeout(SETTLE_MS);
    await editor.page.keyboard.press('Enter');
    const { stdout, approval_id: id } = await answer;
    assert.equal(stdout, 'by-palette\n');
    const asked = gate.cli('call', 'approval.get', JSON.stringify({ approval_id: id }));
    assert.match(JSON.stringify(asked), /"source":"palette"/);
  });

  it('[G-36] an Enter that comes with the list decides nothing', async () => {
    const answer = run('too-soon');
    await waiting('1 waiting');
    await palette(editor.page, 'Hob: Approve…');
    await quickInput().locator('.monaco-list-row', { hasText: 'too-soon' }).waitFor();
    await editor.page.keyboard.press('Enter');
    await editor.page.waitForTimeout(200);
    await waiting('1 waiting');
    await editor.page.keyboard.press('Escape');
    await palette(editor.page, 'Hob: Deny…');
    await quickInput().locator('.monaco-list-row', { hasText: 'too-soon' }).waitFor();
    await editor.page.waitForTimeout(SETTLE_MS);
    await editor.page.keyboard.press('Enter');
    assert.equal((await answer).status, 'denied');
  });

  it('[G-18] danger takes a second step on the card, and a typed word in the palette', async () => {
    const argv = ['git', 'push', '--force', 'origin', 'main'];
    const first = agent.call('run_command', { argv });
    const card = await editor.settledCard('git push --force');
    await editor.press(card, 'Approve…');
    await card.locator('.confirm').waitFor();
    await screenshot(editor.page, 'ways-danger');
    await card.getByText('Back', { exact: true }).click();
    await palette(editor.page, 'Hob: Approve…');
    await quickInput().locator('.monaco-list-row', { hasText: 'git push --force' }).waitFor();
    await editor.page.waitForTimeout(SETTLE_MS);
    await editor.page.keyboard.press('Enter');
    await quickInput().getByText('Dangerous: git push --force origin main').waitFor();
    await screenshot(editor.page, 'ways-danger-palette');
    await editor.page.keyboard.press('Enter');
    await waiting('1 waiting');
    await editor.page.keyboard.type('approve');
    await editor.page.keyboard.press('Enter');
    // There is no remote called origin here: it ran, and failed for its own reasons.
    assert.equal((await first).status, 'failed');
  });

  it('[G-38] a notification tells when the panel is hidden, and decides only what fits in it', async () => {
    await editor.page.locator('.activitybar a.action-label[aria-label^="Explorer"]').click();
    const answer = run('by-notification');
    const shown = toast('node print.cjs by-notification');
    await shown.waitFor();
    await screenshot(editor.page, 'ways-notification');
    await editor.page.waitForTimeout(SETTLE_MS);
    await shown.getByText('Approve Once').click();
    assert.equal((await answer).stdout, 'by-notification\n');

    const argv = ['git', 'push', '--force', 'origin', 'other'];
    const dangerous = agent.call('run_command', { argv });
    const warning = toast('ways');
    await warning.waitFor();
    assert.equal(await warning.getByText('Approve Once').count(), 0);
    await warning.getByText('Open Card').click();
    await editor.findPanel();
    await editor.answer('origin other', 'Deny');
    assert.equal((await dangerous).status, 'denied');
  });

  it('[A-88] the kill switch stops what waits and what comes; turning it off is signed here', async () => {
    await palette(editor.page, 'Hob: Kill Switch On');
    await editor.status().filter({ hasText: 'kill switch on' }).waitFor();
    const stopped = await run('while-killed');
    assert.equal(stopped.status, 'denied');
    await screenshot(editor.page, 'ways-kill-switch');
    await palette(editor.page, 'Hob: Kill Switch Off');
    await editor.status().filter({ hasNotText: 'kill switch' }).waitFor();
    const answer = run('after-kill');
    await editor.answer('after-kill', 'Approve');
    assert.equal((await answer).status, 'succeeded');
  });

  it('[G-39] the demo agent asks for real, and its answer runs', async () => {
    await palette(editor.page, 'Hob: Run the Demo Agent');
    const card = await editor.settledCard('date');
    assert.match(await card.innerText(), /demo/);
    await screenshot(editor.page, 'ways-demo');
    await editor.answer('date', 'Approve');
    await editor.panel.getByText('Approved: date').first().waitFor();
  });

  it('[A-84] the diagnostics page says how everything is', async () => {
    await palette(editor.page, 'Hob: Diagnose');
    const page = editor.page;
    await page.waitForTimeout(2_000);
    const texts = await Promise.all(
      page.frames().map((frame) =>
        frame
          .locator('body')
          .innerText()
          .catch(() => ''),
      ),
    );
    const text = texts.find((one) => one.includes('The host is connected.')) ?? '';
    assert.match(text, /Restart the host/);
    assert.match(text, /verified: \d+ events, \d+ signed decisions/);
    await screenshot(editor.page, 'ways-diagnose');
    await palette(page, 'View: Close All Editors');
  });

  const sayHere = async (text: string): Promise<void> => {
    const input = editor.panel.locator('.say-input');
    await input.fill(text);
    await input.press('Enter');
    await editor.panel.locator('.turn', { hasText: text }).locator('.tone-good').waitFor();
  };

  const sayInPalette = async (text: string): Promise<void> => {
    await palette(editor.page, 'Hob: Say…');
    await quickInput().getByText('Type a sentence').waitFor();
    await editor.page.keyboard.type(text);
    await editor.page.keyboard.press('Enter');
    await quickInput().waitFor({ state: 'hidden' });
  };

  it('[G-24] sentences move what only the window shows', async () => {
    const { page } = editor;
    const terminal = page.locator('.part.panel .terminal-outer-container');
    await sayHere('toggle terminal');
    await terminal.waitFor();
    await sayHere('hide the terminal');
    await terminal.waitFor({ state: 'hidden' });
    await sayHere('open settings');
    await page.locator('.settings-editor').waitFor();
    await screenshot(page, 'ways-sentences');
    // Today's editor shows them over everything else.
    await page.locator('.settings-editor').press('Escape');
    await page.locator('.settings-editor').waitFor({ state: 'hidden' });
    // The search takes the panel's place in the side bar.
    await editor.panel.locator('.say-input').fill('search for needle');
    await editor.panel.locator('.say-input').press('Enter');
    const field = page.locator('.search-view textarea').first();
    await field.waitFor();
    assert.equal(await field.inputValue(), 'needle');
    const sidebar = page.locator('.part.sidebar');
    await sayInPalette('hide the sidebar');
    await sidebar.waitFor({ state: 'hidden' });
    // The field that had the focus went with the side bar.
    await page.locator('[id="workbench.parts.editor"]').click();
    await sayInPalette('show the sidebar');
    await sidebar.waitFor();
  });
});
