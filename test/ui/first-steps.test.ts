// The first five minutes: the walkthrough's three steps, each done for real.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { SETTLE_MS, startGate, type Gate, type GateWindow } from './gate-fixture.ts';
import { palette, screenshot } from './harness/workbench.ts';

describe('the first steps', function () {
  this.timeout(120_000);
  let gate: Gate;
  let editor: GateWindow;

  before(async () => {
    gate = await startGate();
    editor = await gate.openWindow();
  });
  after(() => gate?.stop());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(editor.page, 'first-steps-failed');
  });

  const step = (title: string): Locator =>
    editor.page.locator('.getting-started-step', { hasText: title });
  const isDone = (title: string): Promise<void> =>
    step(title).locator('.codicon-getting-started-step-checked').first().waitFor();

  it('[G-39] the walkthrough starts the demo agent, and its answer completes the step', async () => {
    await palette(editor.page, 'Hob: Open Walkthrough');
    await step('Answer a request').waitFor();
    await screenshot(editor.page, 'first-steps-walkthrough');
    await editor.page.getByRole('button', { name: 'Run the demo agent' }).click();
    await editor.findPanel();
    await editor.answer('date', 'Approve');
    await editor.panel.getByText('Approved: date').first().waitFor();
    await isDone('Answer a request');
  });

  it('[U-07] a sentence typed in the panel completes the second step', async () => {
    await editor.panel.locator('.say-input').fill('what happened');
    await editor.panel.locator('.say-input').press('Enter');
    await editor.panel.locator('.turn .turn-reply').waitFor();
    await isDone('Say what you want');
    await screenshot(editor.page, 'first-steps-said');
  });

  it('[G-33] connecting an agent shows file and difference, writes it, and undoes it', async () => {
    const { page } = editor;
    const file = path.join(gate.workbench.dirs.home, '.claude/settings.json');
    assert.equal(existsSync(file), false);
    const quickInput = page.locator('.quick-input-widget:not([style*="display: none"])');
    const choose = async (command: string): Promise<void> => {
      await palette(page, command);
      const row = quickInput.locator('.monaco-list-row', { hasText: 'Claude Code' });
      await row.waitFor();
      await row.click();
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
});
