// A host that cannot start is said, with what to do; and each sentence acts in the window it was typed in.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { after, afterEach, describe, it } from 'mocha';
import { GateWindow, startGate, type Gate } from './gate-fixture.ts';
import { screenshot, webviewFrame } from './harness/workbench.ts';

describe('windows and their host', function () {
  this.timeout(120_000);
  let gate: Gate;
  let shown: GateWindow;
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(shown.page, 'host-trouble-failed');
    await gate.stop();
  });
  after(() => gate?.stop());

  it('[A-85] [A-84] a Node that does not exist is named, with the commands that help', async () => {
    gate = await startGate();
    // Where the host runs is a setting of the machine: no folder can change it.
    const machine = path.join(gate.workbench.dirs.root, 'cs/user-data/Machine');
    mkdirSync(machine, { recursive: true });
    const settings = { 'hob.host.nodePath': '/nonexistent/node' };
    writeFileSync(path.join(machine, 'settings.json'), JSON.stringify(settings));
    shown = new GateWindow(await gate.workbench.openWindow(gate.folder));
    const { page } = shown;
    await shown.status().filter({ hasText: 'Hob: stopped' }).waitFor({ timeout: 60_000 });
    const toast = page.locator('.notification-toast', { hasText: '/nonexistent/node' });
    await toast.waitFor();
    for (const action of ['Choose Node', 'Try Again', 'Diagnose', 'Open Log']) {
      assert.equal(await toast.getByText(action, { exact: true }).count(), 1, action);
    }
    await screenshot(page, 'host-trouble-fatal');
    await toast.getByText('Diagnose', { exact: true }).click();
    await page.locator('.tab', { hasText: 'Hob: Diagnose' }).waitFor();
    await page.locator('.activitybar a.action-label[aria-label^="Hob"]').click();
    await webviewFrame(page, 'hob-panel');
    await screenshot(page, 'host-trouble-panel');
  });

  it('[G-22] a sentence acts in the window of its folder, and in no other', async () => {
    gate = await startGate();
    const first = (shown = await gate.openWindow());
    const second = await gate.openWindow(gate.workbench.makeFolder({ 'b.txt': 'two\n' }));
    shown = second;
    const input = second.panel.locator('.say-input');
    await input.fill('toggle terminal');
    await input.press('Enter');
    const terminal = '.part.panel .terminal-outer-container';
    await second.page.locator(terminal).waitFor();
    assert.equal(await first.page.locator(terminal).count(), 0);
    const { windows } = gate.cli('call', 'runtime.status') as { windows: number };
    assert.equal(windows, 2);
  });
});
