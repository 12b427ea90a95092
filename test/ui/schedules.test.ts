// Schedules on the installed package: made by a sentence, changed and run by hand, and one that is due in the
// very moment in which the host is killed.
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { printing, SETTLE_MS } from './gate-fixture.ts';
import { screenshot } from './harness/workbench.ts';
import { useSharedGate } from './shared-gate.ts';

describe('what happens by the clock', function () {
  const at = useSharedGate('clock');

  /** The panel answers below the sentence. */
  const say = async (text: string, answer: RegExp): Promise<void> => {
    const input = at.editor.panel.locator('.say-input');
    await input.fill(text);
    await input.press('Enter');
    const turn = at.editor.panel.locator('.turn', { hasText: text });
    await turn.locator('.turn-reply', { hasText: answer }).waitFor();
  };
  const schedule = (name: string): Locator =>
    at.editor.panel.locator('.schedule', { hasText: name });
  const hand = (of: Locator, label: string): Promise<void> =>
    of.locator('.item-acts').getByText(label, { exact: true }).click();

  it('[S-01] [S-14] [F-45] [F-46] [F-47] is read back and saved by sentence, changed, run, paused and deleted by hand', async () => {
    const { panel, page } = at.editor;
    await say('remind me every day at five to go home', /save the schedule/);
    assert.equal(await schedule('go home').count(), 0);
    await say('save the schedule', /go home/);
    await panel.locator('#tab-schedules').click();
    const made = schedule('go home');
    await made.locator('.schedule-line').click();
    await hand(made, 'Edit');
    const [name, when] = [0, 1].map((nth) => panel.locator('.schedule-form input').nth(nth));
    await name?.fill('the way home');
    await when?.fill('30 16 * * *');
    await panel.locator('.schedule-preview', { hasText: '16:30' }).waitFor();
    await screenshot(page, 'schedule-edited');
    await hand(panel.locator('.schedule-form'), 'Save');
    const changed = schedule('the way home');
    await changed.getByText('Every day at 16:30').first().waitFor();
    await hand(changed, 'Run now');
    await changed.locator('.schedule-past', { hasText: 'Last 1: 1 done' }).waitFor();
    await page.locator('.notification-toast', { hasText: 'go home' }).waitFor();
    await screenshot(page, 'schedule-ran');
    await hand(changed, 'Pause');
    await changed.getByText('paused in the panel').first().waitFor();
    await hand(changed, 'Delete');
    const deleted = panel.locator('.schedule', { hasText: 'Deleted: the way home' });
    await deleted.getByText('Undo').waitFor();
    await page.waitForTimeout(SETTLE_MS);
    await page.keyboard.press('Enter');
    await changed.getByText('paused').first().waitFor();
    await changed.locator('.schedule-line').click();
    await hand(changed, 'Delete');
    await deleted.waitFor();
  });

  it('[F-83] [F-101] [F-79] [G-05] [S-24] two windows, and the host is killed as one is due: both are at the next one, which runs it once', async () => {
    const { gate, editor } = at;
    const other = await gate.openWindow(gate.workbench.makeFolder({ 'c.txt': 'three\n' }));
    const due = Date.now() + 10_000;
    const task = {
      name: 'due in the crash',
      trigger: { kind: 'once', at: new Date(due).toISOString() },
      action: { kind: 'command', argv: printing('after-the-crash'), cwd: gate.folder },
    };
    const { task: made } = gate.cli('call', 'scheduler.create', JSON.stringify({ task })) as {
      task: { task_id: string };
    };
    const before = gate.hostPid();
    await editor.page.waitForTimeout(Math.max(0, due - Date.now()));
    process.kill(before, 'SIGKILL');
    await gate.nextHost(before);
    await Promise.all([editor.findPanel(), other.findPanel()]);
    const { windows } = gate.cli('call', 'runtime.status') as { windows: number };
    assert.equal(windows, 2);
    // Whoever asks, the dead host before its end or the next one: the answer may come before anybody leads.
    await other.answer('after-the-crash', 'Approve');
    for (const window of [editor, other]) {
      await window.panel.locator('#tab-schedules').click();
      const ended = window.panel.locator('.schedule', { hasText: 'due in the crash' });
      await ended.locator('.schedule-line').click();
      await ended.locator('.schedule-past', { hasText: 'Last 1: 1 done' }).waitFor();
    }
    await screenshot(editor.page, 'schedule-after-crash');
    const of = JSON.stringify({ task_id: made.task_id });
    const { slots } = gate.cli('call', 'scheduler.history', of) as { slots: { status: string }[] };
    assert.deepEqual(
      slots.map(({ status }) => status),
      ['succeeded'],
    );
    gate.cli('call', 'scheduler.delete', of);
    await other.page.close();
  });
});
