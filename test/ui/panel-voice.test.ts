// Talking in the panel, drawn alone: what a hand does becomes presses, what can be read is told, and the
// second step of danger is in sight in the narrowest side bar.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { Browser } from 'playwright-core';
import { scenes } from '../fixtures/panel/scenes.ts';
import { devices, level, mic, partial, turn, turnElsewhere } from '../fixtures/panel/voice.ts';
import { launchBrowser } from './harness/browser.ts';
import { openPanel, servePanel, type PanelOptions, type PanelPage } from './panel-page.ts';

describe('talking in the panel', function () {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePanel>>;
  before(async () => {
    browser = await launchBrowser();
    server = await servePanel();
  });
  after(async () => {
    await server?.stop();
    await browser?.close();
  });
  const open = (name: string, options: PanelOptions = {}): Promise<PanelPage> => {
    const scene = scenes.find((one) => one.name === name);
    assert.ok(scene !== undefined);
    return openPanel(browser, server.url, scene, options);
  };
  const acts = (panel: PanelPage): string[] =>
    panel.told.flatMap((one) => (one.bridge === 'talk' ? [one.act] : []));

  it('[V-77] on orb and button, pointer, keys and a lost focus press and let go; Esc forgets', async () => {
    const panel = await open('ready');
    const { page } = panel;
    const button = page.locator('.mic-button');
    for (const pressed of [button, page.locator('.orb-button')]) {
      const box = await pressed.boundingBox();
      assert.ok(box !== null);
      await page.mouse.move(box.x + 8, box.y + 8);
      await page.mouse.down();
      // Let go somewhere else: the pointer is captured.
      await page.mouse.move(10, 300);
      await page.mouse.up();
    }
    await button.focus();
    await page.keyboard.down('Space');
    await page.keyboard.down('Space');
    await page.keyboard.up('Space');
    await page.keyboard.down('Enter');
    await page.locator('.say-input').focus();
    await page.keyboard.up('Enter');
    await page.locator('#tab-timeline').focus();
    await page.keyboard.down('t');
    await page.keyboard.up('t');
    await page.locator('.say-input').fill('tests');
    await panel.live(mic('open'));
    await panel.live(turn('listening'));
    await panel.live(partial('open'));
    await button.focus();
    await page.keyboard.press('Escape');
    await panel.act([{ wait: 50 }]);
    const pairs = ['press', 'release', 'press', 'release', 'press', 'lost', 'press', 'release'];
    assert.deepEqual(acts(panel), ['press', 'release', ...pairs, 'cancel']);
    assert.deepEqual(panel.problems, []);
    await panel.close();
  });

  it('[V-78] what was heard is corrected where the hand is: typed over, done by Enter, forgotten by Esc', async () => {
    const panel = await open('ready');
    const { page } = panel;
    await page.locator('.mic-button').focus();
    await panel.live(turn('listening'));
    await panel.live(turn('editing', 'run the text'));
    const field = page.locator('#correction');
    await field.waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'correction');
    await page.keyboard.type('run the tests');
    assert.equal(await field.inputValue(), 'run the tests');
    panel.reply({ 'conversation.transcript_confirm': { turn_id: 'turn' } });
    await page.keyboard.press('Enter');
    await panel.act([{ wait: 50 }]);
    const sent = panel.requests.findLast(
      ({ command }) => command === 'conversation.transcript_confirm',
    );
    assert.equal(sent?.payload['text'], 'run the tests');
    await page.keyboard.press('Escape');
    await panel.act([{ wait: 50 }]);
    assert.ok(panel.requests.some(({ command }) => command === 'conversation.cancel'));
    await panel.close();
  });

  it('[V-78] the focus stays where somebody types when a transcript comes', async () => {
    const panel = await open('ready');
    const { page } = panel;
    await page.locator('.say-form .say-input').focus();
    await panel.live(turn('listening'));
    await panel.live(turn('editing', 'run the text'));
    await page.locator('#correction').waitFor();
    assert.notEqual(await page.evaluate(() => document.activeElement?.id), 'correction');
    await panel.close();
  });

  it('the meter of the picker shows the microphone, never the speaker', async () => {
    const panel = await open('devices');
    const meter = (): Promise<number> =>
      panel.page.locator('hob-level meter').evaluate((one: HTMLMeterElement) => one.value);
    await panel.live(level(0.1));
    const heard = await meter();
    assert.ok(heard > 0.3, `${heard}`);
    await panel.live(level(0.001, 'speaker'));
    assert.equal(await meter(), heard);
    await panel.live(level(0));
    assert.equal(await meter(), 0);
    await panel.close();
  });

  it('the debug view draws the level of turns that this panel did not see, as soon as it is opened', async () => {
    const panel = await open('spoken-turns');
    const drawn = await panel.page.locator('.turn-item .level-line').first().getAttribute('d');
    assert.ok((drawn?.split('L').length ?? 0) > 30, String(drawn));
    await panel.close();
  });

  it('[F-48] says in which window it acts, where that is another one', async () => {
    const panel = await open('ready');
    await panel.live(mic('open'));
    await panel.live(turnElsewhere);
    await panel.page.getByText('Listening → api-server, another window').waitFor();
    await panel.close();
  });

  it('[F-41] the microphone is switched off and on in the panel', async () => {
    const panel = await open('ready');
    const { page } = panel;
    panel.reply({ 'conversation.turn_list': { turns: [] } });
    await page.locator('#tab-voice').click();
    await page.getByText('Nobody has spoken yet. Hold the orb, or Ctrl+Alt+Space').waitFor();
    panel.reply({ 'config.patch': { config: {}, version: 2 } });
    await page.getByLabel('Microphone off: nothing is heard').check();
    await panel.act([{ wait: 50 }]);
    const sent = panel.requests.findLast(({ command }) => command === 'config.patch');
    assert.deepEqual(sent?.payload['changes'], { 'voice.gate': 'closed' });
    await panel.close();
  });

  it('[V-14] tells which questions can be read, and none that is cut', async () => {
    const shown = (panel: PanelPage): unknown =>
      panel.requests.findLast(({ command }) => command === 'client.shown_set')?.payload[
        'approvals'
      ];
    const whole = await open('waiting-1');
    const id = await whole.page.locator('article.card').getAttribute('data-approval');
    assert.deepEqual(shown(whole), [id]);
    await whole.close();
    const cut = await open('long-call');
    assert.deepEqual(shown(cut) ?? [], []);
    await cut.close();
  });

  it('[V-61] what is plugged in or pulled out while the picker is open is seen there, and the microphone is open so long', async () => {
    const panel = await open('devices');
    const { page } = panel;
    const watches = (): unknown[] =>
      panel.requests.flatMap(({ command, payload }) =>
        command === 'audio.level_watch' ? [payload['on']] : [],
      );
    assert.deepEqual(new Set(watches()), new Set([true]));
    panel.reply({ 'audio.device_list': { ...devices, inputs: [] } });
    await page.getByText('This machine has no microphone').waitFor();
    panel.reply({ 'audio.device_list': devices });
    await page.getByText('This machine has no microphone').waitFor({ state: 'detached' });
    await page.locator('.devices-head .codicon-close').click();
    await panel.act([{ wait: 50 }]);
    assert.equal(watches().at(-1), false);
    const asked = panel.requests.length;
    await page.waitForTimeout(3_000);
    assert.equal(panel.requests.length, asked, 'nobody looks any more');
    await panel.close();
  });

  it('[G-35] the second step of danger is in sight at 250 px, with the call above it', async () => {
    const panel = await open('danger-second-step', { width: 250, height: 620 });
    const places = await panel.page.evaluate(() => {
      const box = (selector: string): { top: number; bottom: number } => {
        const { top, bottom } =
          document.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
        return { top, bottom };
      };
      return { main: box('.main'), call: box('.call'), answers: box('.confirm-answers') };
    });
    assert.ok(places.answers.bottom > places.answers.top);
    assert.ok(places.answers.bottom <= places.main.bottom + 1, JSON.stringify(places));
    assert.ok(places.call.top >= places.main.top - 1, JSON.stringify(places));
    assert.ok(places.call.bottom < places.answers.top, JSON.stringify(places));
    await panel.close();
  });
});
