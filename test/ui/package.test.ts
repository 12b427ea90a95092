// The package as a person gets it: installed into a workbench, it shows itself, starts its host, does
// nothing where nobody trusts the folder, leads through its first steps, reaches nothing outside, and goes
// without a trace.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { GateWindow, printing, SETTLE_MS, startGate, type Gate } from './gate-fixture.ts';
import { BUSY_MS } from './harness/browser.ts';
import { palette, screenshot, webviewFrame } from './harness/workbench.ts';
import type { WorkbenchWindow } from './harness/workbench.ts';

/** The gallery that the workbench itself asks about extensions. */
const workbenchAsksFor = new Set(['open-vsx.org']);

describe('the installed package', function () {
  let gate: Gate;
  let window: WorkbenchWindow;
  let editor: GateWindow;

  before(async () => {
    gate = await startGate({ workspaceTrust: true });
    window = await gate.workbench.openWindow(gate.folder);
    editor = new GateWindow(window);
  });
  after(() => gate?.stop());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(window.page, 'package-failed');
  });

  it('[G-44] shows its panel', async () => {
    await window.page.locator('.activitybar a.action-label[aria-label^="Hob"]').waitFor();
    await palette(window.page, 'Hob: Show Panel');
    await webviewFrame(window.page, 'hob-panel');
    await screenshot(window.page, 'package-panel');
  });

  it('[U-01] starts its host in the data directory it was given', async () => {
    const deadline = performance.now() + BUSY_MS;
    const { dataDir } = gate.workbench.dirs;
    while (readdirSync(dataDir).length === 0 && performance.now() < deadline) {
      await window.page.waitForTimeout(100);
    }
    assert.notDeepEqual(readdirSync(dataDir), []);
  });

  it('[G-20] nothing runs in a folder that is not trusted, and it does once it is', async () => {
    const { page } = window;
    await editor.showPanel();
    const agent = await gate.agent('asker');
    const refused = await agent.run(printing('untrusted'));
    assert.equal(refused.status, 'denied');
    assert.match(JSON.stringify(refused), /trust/i);
    await screenshot(page, 'package-untrusted');

    const banner = editor.panel.getByText('This workspace is not trusted', { exact: true });
    await banner.waitFor();
    await page.getByText('Manage', { exact: true }).first().click();
    await page.getByRole('button', { name: 'Trust', exact: true }).click();
    // Today's editor shows that page over everything else.
    await page.locator('.workspace-trust-limitations.trusted').press('Escape');
    await banner.waitFor({ state: 'detached' });
    await page.waitForTimeout(SETTLE_MS);
    const answer = agent.run(printing('trusted'));
    await editor.answer('trusted', 'Approve');
    assert.equal((await answer).stdout, 'trusted\n');
  });

  const step = (title: string): Locator =>
    editor.page.locator('.getting-started-step', { hasText: title });
  const isDone = (title: string): Promise<void> =>
    step(title).locator('.codicon-getting-started-step-checked').first().waitFor();

  it('[U-07] [W-24] a sentence typed in the panel completes a step, also of a walkthrough that nobody opened yet', async () => {
    await editor.panel.locator('.say-input').fill('what happened');
    await editor.panel.locator('.say-input').press('Enter');
    await editor.panel.locator('.turn .turn-reply').waitFor();
    await palette(editor.page, 'Hob: Open Walkthrough');
    await isDone('Say what you want');
    // By the answer that was given before.
    await isDone('Answer a request');
    await screenshot(editor.page, 'first-steps-said');
  });

  it('[G-39] the walkthrough starts the demo agent, also again when its step is done', async () => {
    await palette(editor.page, 'Hob: Open Walkthrough');
    await step('Answer a request').click();
    await screenshot(editor.page, 'first-steps-walkthrough');
    await editor.page.getByRole('button', { name: 'Run the demo agent' }).click();
    await editor.findPanel();
    assert.match(await (await editor.settledCard('date')).innerText(), /demo/);
    await editor.answer('date', 'Approve');
    await editor.panel.getByText('Approved: date').first().waitFor();
  });

  it('[G-33] connecting an agent shows file and difference, writes it, and undoes it', async () => {
    const { page } = editor;
    const file = path.join(gate.workbench.dirs.home, '.claude/settings.json');
    assert.equal(existsSync(file), false);
    const choose = async (command: string): Promise<void> => {
      await (await editor.listed(command, 'Claude Code')).click();
      await page.locator('.monaco-diff-editor').first().waitFor();
    };
    await choose('Hob: Connect an Agent…');
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.getByText('Connect Claude Code?').waitFor();
    await page.waitForTimeout(SETTLE_MS);
    await screenshot(page, 'first-steps-connect');
    assert.equal(existsSync(file), false);
    await dialog.getByRole('button', { name: 'Write' }).click();
    await page
      .locator('.notification-toast', { hasText: 'asks here from its next start' })
      .waitFor();
    assert.match(readFileSync(file, 'utf8'), /hook/);

    await choose('Hob: Disconnect an Agent…');
    await dialog.getByRole('button', { name: 'Restore' }).click();
    await page.locator('.notification-toast', { hasText: 'as they were' }).waitFor();
    assert.equal(existsSync(file), false);
  });

  it('asks nothing of anybody outside', () => {
    assert.deepEqual(
      [...window.blockedHosts].filter((host) => !workbenchAsksFor.has(host)),
      [],
    );
  });

  it('[G-44] leaves neither process nor folder behind', async () => {
    await gate.stop();
    assert.equal(existsSync(gate.workbench.dirs.root), false);
    assert.deepEqual(gate.workbench.server.running(), []);
  });
});
