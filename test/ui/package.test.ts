// The package as a person gets it: installed into a workbench, it shows itself, starts its host, reaches
// nothing outside, and goes without a trace.
import * as assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import { vsixPath } from '../../scripts/lib/vsix.ts';
import { palette, screenshot, startWorkbench, webviewFrame } from './harness/workbench.ts';
import type { Workbench, WorkbenchWindow } from './harness/workbench.ts';

/** The gallery that the workbench itself asks about extensions. */
const workbenchAsksFor = new Set(['open-vsx.org']);

describe('the installed package', function () {
  this.timeout(60_000);
  let workbench: Workbench;
  let window: WorkbenchWindow;

  before(async () => {
    workbench = await startWorkbench({ vsix: vsixPath() });
    window = await workbench.openWindow(workbench.makeFolder({ 'a.txt': 'one\n' }));
  });
  after(() => workbench?.stop());
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
    const deadline = performance.now() + 20_000;
    while (readdirSync(workbench.dirs.dataDir).length === 0 && performance.now() < deadline) {
      await window.page.waitForTimeout(100);
    }
    assert.notDeepEqual(readdirSync(workbench.dirs.dataDir), []);
  });

  it('asks nothing of anybody outside', () => {
    assert.deepEqual(
      [...window.blockedHosts].filter((host) => !workbenchAsksFor.has(host)),
      [],
    );
  });

  it('[G-44] leaves neither process nor folder behind', async () => {
    await workbench.stop();
    assert.equal(existsSync(workbench.dirs.root), false);
    assert.deepEqual(workbench.server.running(), []);
  });
});
