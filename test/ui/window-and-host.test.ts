// What a window finds when it opens: a host of an older or of a newer build, each a real process with a
// question waiting in it, or none that could start.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import { buildLabel } from '#schema/client/build-label.ts';
import { openHost } from '#schema/client/open-host.ts';
import { root } from '../../scripts/lib/steps.ts';
import { GateWindow, printing } from './gate-fixture.ts';
import { screenshot, webviewFrame } from './harness/workbench.ts';
import { useSharedGate } from './shared-gate.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

describe('a window and the host that it finds', function () {
  const at = useSharedGate('finder');
  let window: GateWindow | null = null;
  const folders: string[] = [];

  before(() => at.editor.page.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed' && window !== null)
      await screenshot(window.page, 'window-failed');
    await window?.page.close();
    window = null;
  });
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** Ends the host of the windows before, which are all closed; an agent would start it again. */
  async function shutDown(): Promise<void> {
    await at.gate.closeAgents();
    await at.gate.untilNoWindow();
    at.gate.cli('call', 'host.shutdown');
    await at.gate.untilNoHost();
  }

  /** Starts the host of this program under another version, before any window is open. */
  async function startHostOf(version: string): Promise<number> {
    const folder = temporaryFolder('build');
    folders.push(folder);
    cpSync(path.join(root, 'dist'), path.join(folder, 'dist'), { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ type: 'module', version }));
    const hostScript = path.join(folder, 'dist/host.js');
    const client = await openHost({
      dataDir: at.gate.workbench.dirs.dataDir,
      role: 'cli',
      program: { nodePath: process.execPath, hostScript, build: buildLabel(hostScript) },
    });
    assert.match((await client.request('host.version', {})).build, new RegExp(`^${version}`));
    await client.close();
    return at.gate.hostPid();
  }

  it('[G-49] a newer extension takes over from an older host, with the question that waits there', async () => {
    const { gate } = at;
    await shutDown();
    const older = await startHostOf('0.0.1');
    const agent = await gate.agent('tester');
    // No window says yet which folders there are, so it is something that the agent will do itself.
    const argv = printing('asked-the-older');
    const asked = agent.call('request_approval', { action: 'command.run', tool: 'shell', argv });
    window = new GateWindow(await gate.workbench.openWindow(gate.folder));
    await window.showPanel();
    await window.answer('asked-the-older', 'Approve');
    assert.notEqual(gate.hostPid(), older);
    const { approval_id: id } = await asked;
    const { status } = await agent.call('get_approval', { approval_id: id });
    assert.equal(status, 'approved');
  });

  it('[G-49] an older extension uses the newer host that runs, and answers in it', async () => {
    const { gate } = at;
    await shutDown();
    const newer = await startHostOf('99.0.0');
    const agent = await gate.agent('tester');
    window = new GateWindow(await gate.workbench.openWindow(gate.folder));
    await window.showPanel();
    const answer = agent.run(printing('asked-the-newer'));
    await window.answer('asked-the-newer', 'Approve');
    assert.equal((await answer).stdout, 'asked-the-newer\n');
    assert.equal(gate.hostPid(), newer);
  });

  it('[A-85] [A-84] a Node that does not exist is named, with the commands that help', async () => {
    const { gate } = at;
    await shutDown();
    // Where the host runs is a setting of the machine: no folder can change it.
    const machine = path.join(gate.workbench.dirs.root, 'cs/user-data/Machine');
    mkdirSync(machine, { recursive: true });
    const settings = { 'hob.host.nodePath': '/nonexistent/node' };
    writeFileSync(path.join(machine, 'settings.json'), JSON.stringify(settings));
    window = new GateWindow(await gate.workbench.openWindow(gate.folder));
    const { page } = window;
    await window.status().filter({ hasText: 'Hob: stopped' }).waitFor();
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
});
