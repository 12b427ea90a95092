// The other ways to answer and to steer, on the installed package: palette, notification, danger's second
// step, kill switch, and sentences whose effect only the window itself shows.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterEach, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { printing, SETTLE_MS } from './gate-fixture.ts';
import { palette, screenshot, webviewFrame } from './harness/workbench.ts';
import { useSharedGate } from './shared-gate.ts';

describe('answering and steering from the editor', function () {
  const at = useSharedGate('ways');
  afterEach(() => at.editor.page.keyboard.press('Escape'));

  const run = (text: string) => at.agent.run(printing(text));
  const toast = (text: string): Locator =>
    at.editor.page.locator('.notification-toast', { hasText: text });
  const waiting = (count: string): Promise<void> =>
    at.editor.status().filter({ hasText: count }).waitFor();

  it('[G-15] the palette shows the exact call and approves it, signed as "palette"', async () => {
    const answer = run('by-palette');
    await waiting('1 waiting');
    await at.editor.listed('Hob: Approve…', 'node print.cjs by-palette');
    await screenshot(at.editor.page, 'ways-palette');
    await at.editor.page.waitForTimeout(SETTLE_MS);
    await at.editor.page.keyboard.press('Enter');
    const { stdout, approval_id: id } = await answer;
    assert.equal(stdout, 'by-palette\n');
    const asked = at.gate.cli('call', 'approval.get', JSON.stringify({ approval_id: id }));
    assert.match(JSON.stringify(asked), /"source":"palette"/);
  });

  it('[G-36] an Enter that comes with the list decides nothing', async () => {
    const answer = run('too-soon');
    await waiting('1 waiting');
    await at.editor.enterAsListed('Hob: Approve…', 'too-soon');
    await at.editor.page.waitForTimeout(SETTLE_MS);
    await waiting('1 waiting');
    // The very same key, in the same list, once a person can have read it.
    await at.editor.enterAsListed(null, 'too-soon');
    assert.equal((await answer).status, 'succeeded');
  });

  it('[G-18] danger takes a second step on the card, and a typed word in the palette', async () => {
    const argv = ['git', 'push', '--force', 'origin', 'main'];
    const first = at.agent.run(argv);
    const card = await at.editor.settledCard('git push --force');
    await at.editor.press(card, 'Approve…');
    await card.locator('.confirm').waitFor();
    await screenshot(at.editor.page, 'ways-danger');
    await card.getByText('Back', { exact: true }).click();
    await at.editor.listed('Hob: Approve…', 'git push --force');
    await at.editor.page.waitForTimeout(SETTLE_MS);
    await at.editor.page.keyboard.press('Enter');
    await at.editor.quickInput().getByText('Dangerous: git push --force origin main').waitFor();
    await screenshot(at.editor.page, 'ways-danger-palette');
    await at.editor.page.keyboard.press('Enter');
    await waiting('1 waiting');
    await at.editor.page.keyboard.type('approve');
    await at.editor.page.keyboard.press('Enter');
    // There is no remote called origin here: it ran, and failed for its own reasons.
    assert.equal((await first).status, 'failed');
  });

  it('[G-38] a notification tells when the panel is hidden, and decides only what fits in it', async () => {
    await at.editor.page.locator('.activitybar a.action-label[aria-label^="Explorer"]').click();
    const answer = run('by-notification');
    const shown = toast('node print.cjs by-notification');
    await shown.waitFor();
    const above = run('by-second-click');
    await toast('by-second-click').waitFor();
    await screenshot(at.editor.page, 'ways-notification');
    await at.editor.page.waitForTimeout(SETTLE_MS);
    // A double click: between the two, the one above comes down to the pointer.
    const place = await shown.getByText('Approve Once').boundingBox();
    assert.ok(place);
    const [x, y] = [place.x + place.width / 2, place.y + place.height / 2];
    await at.editor.page.mouse.click(x, y);
    await shown.waitFor({ state: 'detached' });
    await at.editor.page.mouse.click(x, y);
    assert.equal((await answer).stdout, 'by-notification\n');
    // The second click has opened the card.
    await at.editor.findPanel();
    await at.editor.answer('by-second-click', 'Deny');
    assert.equal((await above).status, 'denied');
    await at.editor.page.locator('.activitybar a.action-label[aria-label^="Explorer"]').click();

    const argv = ['git', 'push', '--force', 'origin', 'other'];
    const dangerous = at.agent.run(argv);
    const warning = toast('ways');
    await warning.waitFor();
    assert.equal(await warning.getByText('Approve Once').count(), 0);
    await warning.getByText('Open Card').click();
    await at.editor.findPanel();
    await at.editor.answer('origin other', 'Deny');
    assert.equal((await dangerous).status, 'denied');
  });

  it('[A-88] the kill switch stops what waits and what comes; turning it off is signed here', async () => {
    await palette(at.editor.page, 'Hob: Kill Switch On');
    await at.editor.status().filter({ hasText: 'kill switch on' }).waitFor();
    const stopped = await run('while-killed');
    assert.equal(stopped.status, 'denied');
    await screenshot(at.editor.page, 'ways-kill-switch');
    await palette(at.editor.page, 'Hob: Kill Switch Off');
    await at.editor.status().filter({ hasNotText: 'kill switch' }).waitFor();
    const answer = run('after-kill');
    await at.editor.answer('after-kill', 'Approve');
    assert.equal((await answer).status, 'succeeded');
  });

  it('[W-21] [W-22] what the timeline is searched for is written to a file, which holds against the record', async () => {
    const { page, panel } = at.editor;
    await panel.locator('#timeline-search-open').click();
    await panel.locator('#timeline-search').fill('after-kill');
    await panel.locator('#search-found', { hasText: /^\d+ events/ }).waitFor();
    await screenshot(page, 'ways-search');
    // Whoever may write into the folder leads no export into another file.
    const elsewhere = path.join(at.gate.folder, 'elsewhere');
    writeFileSync(elsewhere, 'mine');
    const day = new Date().toISOString().slice(0, 10);
    symlinkSync(elsewhere, path.join(at.gate.folder, `hob-record-${day}.jsonl.part`));
    await panel.locator('.search-row .codicon-export').click();
    await at.editor.quickInput().getByText('OK', { exact: true }).click();
    await page.locator('.notification-toast', { hasText: 'exported' }).waitFor();
    // In the folder that is open, unless another place is chosen.
    const name = readdirSync(at.gate.folder).find((one) => one.endsWith('.jsonl')) ?? '';
    const file = path.join(at.gate.folder, name);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { seq: number; event_type: string });
    // The answer holds no call, and is found by the call that it answers.
    for (const type of ['run.created', 'approval.requested', 'approval.decided', 'run.succeeded'])
      assert.ok(
        events.some(({ event_type }) => event_type === type),
        type,
      );
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map(({ seq }) => seq).toSorted((a, b) => a - b),
    );
    const held = await at.gate.documents('verify', '--export', file);
    assert.equal(readFileSync(elsewhere, 'utf8'), 'mine');
    const { length } = lines;
    assert.deepEqual(held.at(-1), {
      export: { ok: true, lines: length, same: length, erased: 0, problems: [] },
    });
    await panel.locator('#timeline-search').press('Escape');
  });

  it('[A-84] the diagnostics page says how everything is', async () => {
    const { page } = at.editor;
    await palette(page, 'Hob: Diagnose');
    const frame = await webviewFrame(page, 'text=The host is connected.');
    await frame.getByText(/verified: \d+ events, \d+ signed decisions/).waitFor();
    assert.match(await frame.locator('body').innerText(), /Restart the host/);
    await screenshot(page, 'ways-diagnose');
    await frame.locator('body').evaluate((body) => body.setAttribute('data-first', ''));
    await palette(page, 'Hob: Diagnose');
    await webviewFrame(page, 'body:not([data-first]) >> text=The host is connected.');
    const pages = page.locator('.tab', { hasText: 'Hob: Diagnose' });
    assert.equal(await pages.count(), 1, 'asked twice, it is the same page');
    await palette(page, 'View: Close All Editors');
  });

  const sayHere = async (text: string): Promise<void> => {
    const input = at.editor.panel.locator('.say-input');
    await input.fill(text);
    await input.press('Enter');
    await at.editor.panel.locator('.turn', { hasText: text }).locator('.tone-good').waitFor();
  };

  const sayInPalette = async (text: string): Promise<void> => {
    await palette(at.editor.page, 'Hob: Say…');
    await at.editor.quickInput().getByText('Type a sentence').waitFor();
    await at.editor.page.keyboard.type(text);
    await at.editor.page.keyboard.press('Enter');
    await at.editor.quickInput().waitFor({ state: 'hidden' });
  };

  it('[G-24] [W-25] sentences move what only the window shows, and the terminal has hob', async () => {
    const { page, gate } = { page: at.editor.page, gate: at.gate };
    const terminal = page.locator('.part.panel .terminal-outer-container');
    await sayHere('toggle terminal');
    await terminal.waitFor();
    await terminal.click();
    await page.keyboard.type('hob call runtime.status --json > told.txt; echo > told.end\n');
    const written = (name: string): string => path.join(gate.folder, name);
    while (!existsSync(written('told.end'))) await page.waitForTimeout(100);
    // Of the host of this window, and of no other.
    assert.match(readFileSync(written('told.txt'), 'utf8'), /"windows":1/);
    await sayHere('hide the terminal');
    await terminal.waitFor({ state: 'hidden' });
    await sayHere('open settings');
    await page.locator('.settings-editor').waitFor();
    await screenshot(page, 'ways-sentences');
    // Today's editor shows them over everything else.
    await page.locator('.settings-editor').press('Escape');
    await page.locator('.settings-editor').waitFor({ state: 'hidden' });
    // The search takes the panel's place in the side bar.
    await at.editor.panel.locator('.say-input').fill('search for needle');
    await at.editor.panel.locator('.say-input').press('Enter');
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
