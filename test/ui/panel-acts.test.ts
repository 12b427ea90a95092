// What a person does in the panel, and what it then sends: with real keys and clicks in Chromium, the
// extension played by a script, and a clock that only moves when the test says so.
import * as assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Browser, Locator } from 'playwright-core';
import type { RequestEnvelope } from '#schema/envelope/envelope.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import {
  ago,
  approval,
  asked,
  bridge,
  command,
  connectPlan,
  event,
  forcePush,
  grant,
  id,
  offer,
  run,
  sayResult,
  signed,
  status,
} from '../fixtures/panel/builders.ts';
import { longHistory } from '../fixtures/panel/history.ts';
import { asking, serverForm, serverLink } from '../fixtures/panel/inquiries.ts';
import { auditChanged, scenes, type Replies } from '../fixtures/panel/scenes.ts';
import { tasks } from '../fixtures/panel/schedules.ts';
import { turn } from '../fixtures/panel/voice.ts';
import * as servers from '../fixtures/panel/servers.ts';
import { launchBrowser } from './harness/browser.ts';
import { openPanel, servePanel, type PanelPage } from './panel-page.ts';

const SETTLED = 600;

const first = approval(1, command('npm test'), {
  offers: [offer('npm test *', ['npm', 'test']), offer('exactly this call: npm test', null)],
});
const second = approval(2, command('npm run lint'));
const danger = forcePush(3);

const waiting = (...approvals: ApprovalView[]): Replies => ({
  'runtime.status': status({ waiting: approvals.length }),
  'approval.list': { approvals, total: approvals.length },
});

const decided = (
  seq: number,
  n: number,
  source: 'panel' | 'notification' = 'notification',
): StoredEvent =>
  event(seq, 0, {
    type: 'approval.decided',
    data: {
      approval_id: id('appr', n),
      decision: 'approve',
      signed: signed(n, { source }),
      grant_id: null,
    },
  });

describe('panel, acted on', function () {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePanel>>;
  /** One page for all tests: to start one costs more than what they do in it. */
  let panel: PanelPage;

  before(async () => {
    browser = await launchBrowser();
    server = await servePanel();
    panel = await openPanel(browser, server.url, { bridge: null });
  });
  after(async () => {
    await server.stop();
    await browser.close();
  });
  afterEach(() => {
    assert.deepEqual(panel.problems, []);
  });

  const open = async (replies: Replies = {}, height = 1_400): Promise<void> => {
    // Where the pointer of the test before stood, something may lie now.
    await panel.page.mouse.move(0, 0);
    await panel.page.setViewportSize({ width: 320, height });
    await panel.show({ bridge: bridge(), replies });
    await panel.say({ bridge: 'window', focused: true });
  };
  const sent = (name: string): RequestEnvelope['payload'][] =>
    panel.requests.filter((one) => one.command === name).map((one) => one.payload);
  const decisions = (): unknown[] =>
    sent('approval.respond').map(({ approval_id, decision, confirmed }) => [
      approval_id,
      decision,
      confirmed,
    ]);
  const press = (key: string): Promise<void> => panel.act([{ press: key }]);
  const click = (selector: string): Promise<void> => panel.act([{ click: selector }]);
  const button = (n: number, name: string): string =>
    `[data-approval="${id('appr', n)}"] :is(vscode-button, button):text-is("${name}")`;
  const text = async (): Promise<string> =>
    (await panel.page.evaluate(() => document.body.innerText)).replaceAll(/\s+/g, ' ');

  describe('deciding', () => {
    it('[U-09] [A-80] sends a decision bound to the call, without a key or signature of its own', async () => {
      await open(waiting(first));
      await panel.pass(SETTLED);
      await click(button(1, 'Approve'));
      assert.deepEqual(sent('approval.respond'), [
        {
          approval_id: id('appr', 1),
          call_hash: first.call_hash,
          decision: 'approve',
          offer_id: null,
          source: 'panel',
          confirmed: false,
        },
      ]);
    });

    it('[G-36] lets no click count within 500 ms of the card arriving, and says so', async () => {
      await open(waiting(first));
      await panel.pass(400);
      await click(button(1, 'Approve'));
      assert.deepEqual(decisions(), []);
      assert.match(await text(), /had only just appeared, so that did not count/);
      await panel.pass(100);
      await click(button(1, 'Approve'));
      assert.deepEqual(decisions(), [[id('appr', 1), 'approve', false]]);
    });

    it('[G-36] lets no key count within 500 ms of the card arriving', async () => {
      await open(waiting(first));
      await press('Control+Enter');
      await press('Control+Backspace');
      assert.deepEqual(decisions(), []);
    });

    it('[A-52] approves, denies and holds by keys on the selected card, which arrows move', async () => {
      await open({ ...waiting(first, second), 'approval.respond': { approval: first } });
      await panel.pass(SETTLED);
      await press('ArrowDown');
      await press('Control+Backspace');
      await press('ArrowUp');
      await press('h');
      await press('Meta+Enter');
      assert.deepEqual(decisions(), [
        [id('appr', 2), 'deny', false],
        [id('appr', 1), 'hold', false],
        [id('appr', 1), 'approve', false],
      ]);
    });

    it('[G-36] never decides by Esc, by plain Enter, by a held key, or by keys in the text field', async () => {
      await open(waiting(first));
      await panel.pass(SETTLED);
      await panel.page.locator(button(1, 'Approve')).focus();
      await press('Enter');
      await press('Escape');
      await panel.page.keyboard.down('Control');
      await panel.page.evaluate(() => {
        const repeat = {
          key: 'Enter',
          ctrlKey: true,
          repeat: true,
          bubbles: true,
          cancelable: true,
        };
        document.body.dispatchEvent(new KeyboardEvent('keydown', repeat));
      });
      await panel.page.keyboard.up('Control');
      await panel.act([{ type: 'half a wo', into: '.say-input' }]);
      await press('Control+Backspace');
      await press('Control+Enter');
      await press('h');
      assert.deepEqual(decisions(), []);
    });

    it('[G-36] lets nothing count while the window is in the background, nor for 500 ms after', async () => {
      await open(waiting(first));
      await panel.say({ bridge: 'window', focused: false });
      await panel.pass(5_000);
      await click(button(1, 'Approve'));
      assert.deepEqual(decisions(), []);
      await panel.say({ bridge: 'window', focused: true });
      await panel.pass(400);
      await click(button(1, 'Approve'));
      assert.deepEqual(decisions(), []);
      await panel.pass(100);
      await click(button(1, 'Approve'));
      assert.equal(decisions().length, 1);
    });

    it('[G-36] lets no click count on a card that moved under the pointer', async () => {
      await open(waiting(first, second));
      await panel.pass(SETTLED);
      await panel.send(decided(401, 1));
      await click(button(2, 'Approve'));
      assert.deepEqual(decisions(), []);
      assert.match(await text(), /Something moved under your pointer/);
      await panel.pass(500);
      await click(button(2, 'Approve'));
      assert.deepEqual(decisions(), [[id('appr', 2), 'approve', false]]);
    });

    it('[G-36] lets no key count on the card that keys pass on to, within 500 ms of the one before it going', async () => {
      await open({ ...waiting(first, second), 'approval.respond': { approval: second } });
      await panel.pass(SETTLED);
      // The last of them: the first does not move when it goes.
      await press('ArrowDown');
      await press('Control+Enter');
      await panel.send(decided(401, 2));
      assert.equal(await panel.page.locator('.card.is-selected').count(), 1);
      await press('Control+Enter');
      await press('Control+Backspace');
      await press('h');
      assert.deepEqual(decisions(), [[id('appr', 2), 'approve', false]]);
      assert.match(await text(), /The question before had only just gone/);
      await panel.pass(SETTLED);
      await press('Control+Enter');
      assert.deepEqual(decisions().at(-1), [id('appr', 1), 'approve', false]);
    });

    it('[G-36] puts what arrives below, and takes neither focus nor selection', async () => {
      await open(waiting(first));
      await panel.pass(SETTLED);
      await panel.page.locator('.say-input').focus();
      const before = await panel.page.locator(button(1, 'Approve')).boundingBox();
      await panel.send(asked(401, second));
      assert.deepEqual(await panel.page.locator(button(1, 'Approve')).boundingBox(), before);
      assert.equal(await panel.page.evaluate(() => document.activeElement?.className), 'say-input');
      assert.equal(
        await panel.page.locator('.card.is-selected').getAttribute('data-approval'),
        id('appr', 1),
      );
      assert.equal(
        await panel.page.locator('[aria-live="assertive"]').textContent(),
        'Claude Code asks: npm run lint',
      );
      await click(button(2, 'Deny'));
      assert.deepEqual(decisions(), []);
    });

    it('[G-18] takes two steps for danger, by click', async () => {
      await open(waiting(danger));
      await panel.pass(SETTLED);
      await click(button(3, 'Approve…'));
      assert.deepEqual(decisions(), []);
      await click('.confirm-yes');
      assert.deepEqual(decisions(), [], 'the second half of a double click counts for nothing');
      await panel.pass(SETTLED);
      await click('.confirm-yes');
      assert.deepEqual(decisions(), [[id('appr', 3), 'approve', true]]);
    });

    it('[G-18] takes two steps for danger, by keys, and looking elsewhere takes the first back', async () => {
      await open(waiting(danger, second));
      await panel.pass(SETTLED);
      await press('ArrowUp');
      const order = [id('appr', 2), id('appr', 3)];
      assert.deepEqual(
        await panel.page
          .locator('.card')
          .evaluateAll((cards) => cards.map((card) => card.getAttribute('data-approval'))),
        order,
      );
      await press('ArrowDown');
      await press('Control+Enter');
      await panel.pass(SETTLED);
      await press('ArrowUp');
      await press('ArrowDown');
      await press('Control+Enter');
      assert.deepEqual(decisions(), []);
      await press('Escape');
      assert.equal(await panel.page.locator('.confirm').count(), 0);
      await press('Control+Enter');
      await panel.pass(SETTLED);
      await press('Control+Enter');
      assert.deepEqual(decisions(), [[id('appr', 3), 'approve', true]]);
    });

    it('[G-17] offers one permission, the narrowest, and none for danger', async () => {
      await open(waiting(first, { ...danger, offers: first.offers }));
      await panel.pass(SETTLED);
      assert.equal(await panel.page.locator('.remember').count(), 1);
      await click('.remember input');
      await click(button(1, 'Approve from now on'));
      assert.deepEqual(
        sent('approval.respond').map((one) => one['offer_id']),
        ['exact'],
      );
    });

    it('shows the whole of a long call before it can be approved', async () => {
      const long = approval(1, {
        action: 'command.run',
        tool: 'Bash',
        command_line: `${'true && '.repeat(400)}rm -rf ~`,
        arguments: {},
      });
      await open(waiting(long), 3_000);
      await panel.pass(SETTLED);
      assert.ok(!(await text()).includes('rm -rf ~'));
      await press('Control+Enter');
      assert.deepEqual(decisions(), []);
      assert.ok((await text()).includes('rm -rf ~'));
      await panel.pass(SETTLED);
      await press('Control+Enter');
      assert.equal(decisions().length, 1);
    });

    it('[G-16] offers to release what is held', async () => {
      const held: ApprovalView = {
        ...first,
        status: 'held',
        expires_at: null,
        held_remaining_ms: 60_000,
      };
      await open(waiting(held));
      await panel.pass(SETTLED);
      await click(button(1, 'Release'));
      assert.deepEqual(decisions(), [[id('appr', 1), 'release', false]]);
    });

    it('[G-16] [G-36] takes no hold back by the second half of a double click or a double press', async () => {
      const held: ApprovalView = {
        ...first,
        status: 'held',
        expires_at: null,
        held_remaining_ms: 60_000,
      };
      for (const twice of [() => click('.answers .quiet-button'), () => press('h')]) {
        await open({ ...waiting(first), 'approval.respond': { approval: held } });
        await panel.pass(SETTLED);
        await twice();
        await panel.page.locator(button(1, 'Release')).waitFor();
        await twice();
        assert.deepEqual(decisions(), [[id('appr', 1), 'hold', false]]);
      }
    });

    it('[G-14] says what the host answered to a decision that came too late', async () => {
      await open({
        ...waiting(first),
        'approval.respond': { code: 'already_settled', message: 'no', retryable: false },
      });
      await panel.pass(SETTLED);
      await click(button(1, 'Deny'));
      assert.match(await text(), /This was answered somewhere else a moment ago/);
    });

    it('sends nothing while this editor may not decide', async () => {
      await open(waiting(first));
      await panel.say(bridge({ can_decide: false, decider_status: 'pending' }));
      await panel.pass(SETTLED);
      await press('Control+Enter');
      assert.deepEqual(decisions(), []);
      assert.match(await text(), /This editor cannot decide now/);
    });

    it('[G-36] lets no key decide a card whose answers are out of sight, and shows them', async () => {
      await open(waiting(first, second), 560);
      await panel.pass(SETTLED);
      await press('ArrowDown');
      await panel.page.locator('.main').evaluate((element) => element.scrollTo(0, 0));
      await panel.pass(SETTLED);
      await press('Control+Enter');
      assert.deepEqual(decisions(), []);
      await panel.pass(SETTLED);
      await press('Control+Enter');
      assert.deepEqual(decisions(), [[id('appr', 2), 'approve', false]]);
    });

    it('[W-20] gives the keyboard to the next card after an answer, and to the heading after the last', async () => {
      const others = [approval(4, command('make')), approval(5, command('make install'))];
      await open({ ...waiting(first, second, ...others), 'approval.respond': { approval: first } });
      const at = (): Promise<string | null> =>
        panel.page.evaluate(() => {
          const { activeElement: it } = document;
          return it?.getAttribute('data-approval') ?? it?.className ?? null;
        });
      await panel.pass(SETTLED);
      await panel.page.locator(button(1, 'Deny')).focus();
      await press(' ');
      await panel.send(decided(401, 1));
      assert.equal(await at(), id('appr', 2), 'the answered card is gone with its button');
      // The card of an answer that came from elsewhere takes nobody's focus along but its own.
      await press('ArrowDown');
      assert.equal(await at(), id('appr', 4), 'arrows move the focus with the selection');
      await panel.send(decided(402, 2));
      assert.equal(await at(), id('appr', 4));
      await panel.pass(SETTLED);
      await press('Control+Enter');
      await panel.send(decided(403, 4));
      assert.equal(await at(), id('appr', 5), 'a line has become a card');
      await panel.page.locator(button(5, 'Hold')).focus();
      await panel.pass(SETTLED);
      await press(' ');
      await panel.send(decided(404, 5));
      assert.equal(await at(), 'header-title');
      const spoken = panel.page.locator('[aria-live]');
      assert.deepEqual(
        (await spoken.allTextContents()).filter((words) => words.includes('Nobody waits')).length,
        1,
      );
      // Somebody who types goes on typing.
      await panel.page.locator('.say-input').focus();
      await panel.send(asked(405, first));
      await panel.send(decided(406, 1));
      assert.equal(await at(), 'say-input');
    });

    it('brings the card of a notification into view without taking the focus', async () => {
      const many = Array.from({ length: 30 }, (_, i) =>
        approval(i + 1, command(`make part-${i + 1}`)),
      );
      await open(waiting(...many), 700);
      await panel.say({ bridge: 'focus_approval', approval_id: id('appr', 28) });
      const card = panel.page.locator(`article[data-approval="${id('appr', 28)}"]`);
      assert.ok(await card.isVisible());
      const box = await card.boundingBox();
      assert.ok(box !== null && box.y >= 0 && box.y + box.height <= 700, JSON.stringify(box));
      assert.equal(await panel.page.evaluate(() => document.activeElement?.tagName), 'BODY');
    });
  });

  describe('keeping up', () => {
    it('[A-07] [A-48] resumes after the last event it saw, and learns what ended meanwhile', async () => {
      await open(waiting(first, second));
      await panel.send(decided(401, 2));
      await panel.say(bridge({ state: 'reconnecting', can_decide: false }));
      assert.match(await text(), /Reconnecting/);
      panel.reply({
        ...waiting(),
        'runtime.status': status({ head_seq: 405 }),
        'approval.get': {
          approval: { ...first, status: 'expired', settled_at: ago(0), ended_reason: 'expired' },
        },
      });
      await panel.say(bridge());
      assert.deepEqual(
        sent('stream.subscribe').map((one) => one['from_seq']),
        [400, 401],
      );
      assert.deepEqual(
        sent('approval.get').map((one) => one['approval_id']),
        [id('appr', 1)],
      );
      assert.match(await text(), /Expired/);
      assert.equal(await panel.page.locator('.card').count(), 0);
    });

    it('[F-15] draws an event that the snapshot already contained only once', async () => {
      await open(waiting(first));
      await panel.send(asked(400, first));
      await panel.send(asked(401, second));
      await panel.send(asked(401, second));
      assert.equal(await panel.page.locator('.card').count(), 2);
      assert.match(await text(), /2 wait for you/);
    });

    it('[G-53] keeps draft and tab over a reload, and asks for everything else again', async () => {
      await open(waiting(first));
      await panel.act([{ type: 'run the te', into: '.say-input' }, { click: '#tab-agents' }]);
      await panel.reload();
      assert.equal(await panel.page.locator('.say-input').inputValue(), 'run the te');
      assert.equal(await panel.page.locator('#tab-agents').getAttribute('aria-selected'), 'true');
      assert.equal(await panel.page.locator('.card').count(), 1);
    });

    it('[G-53] comes back to the cards that were on show before a reload', async () => {
      const many = Array.from({ length: 40 }, (_, i) =>
        approval(i + 1, command(`make part-${i + 1}`)),
      );
      await open(waiting(...many), 700);
      const main = panel.page.locator('.main');
      await main.evaluate((element) => element.scrollTo(0, 640));
      await panel.act([{ wait: 50 }]);
      await panel.reload();
      assert.equal(await main.evaluate((element) => element.scrollTop), 640);
    });

    it('[M-39] starts over when another store answers', async () => {
      await open(waiting(first));
      await panel.say(bridge({ state: 'reconnecting' }));
      panel.reply({
        ...waiting(),
        'runtime.status': status({ head_seq: 3 }),
        'event.query': { events: [], head_seq: 3 },
      });
      await panel.say(bridge());
      assert.equal(await panel.page.locator('.card, .event').count(), 0);
    });

    it('[A-08] keeps a long timeline out of the document, and reads older events when they are wanted', async () => {
      await open(
        {
          'event.query': { events: [...longHistory], head_seq: 1_000 },
          'runtime.status': status({ head_seq: 1_000 }),
        },
        700,
      );
      const rows = panel.page.locator('.event');
      assert.ok((await rows.count()) < 60, `${await rows.count()} rows`);
      const scroller = panel.page.locator('.timeline-scroll');
      for (let i = 0; i < 12; i++) {
        await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
        await panel.act([{ wait: 50 }]);
      }
      assert.match(await text(), /setting\.1\b/);
      assert.ok((await rows.count()) < 60);
      const bounds = sent('event.query')
        .map((one) => one['to_seq'])
        .filter((one) => one !== undefined);
      assert.deepEqual(bounds, [950, 750, 550, 350, 150]);
    });
  });

  describe('searching the timeline', () => {
    const old = event(20, 90_000, {
      type: 'config.patched',
      data: { changes: { 'voice.rate': 2 }, signed: null },
    });
    const events = [...longHistory.filter(({ seq }) => seq > 20), old];
    const history: Replies = {
      'event.query': { events, head_seq: 1_000 },
      'runtime.status': status({ head_seq: 1_000 }),
    };
    const found = (): Promise<string> => panel.page.locator('#search-found').innerText();
    const isFound = (words: string): Promise<unknown> =>
      panel.page.locator('#search-found', { hasText: words }).waitFor();
    const at = (): Promise<string | undefined> =>
      panel.page.evaluate(() => document.activeElement?.id);

    it('[W-21] finds by keys what is shown and what the host stored, and says when nothing matches', async () => {
      await open(history, 700);
      await press('Control+f');
      await panel.page.locator('#timeline-search').waitFor();
      assert.equal(await at(), 'timeline-search');
      await panel.page.keyboard.type('Voice.RATE');
      await isFound('1 event');
      assert.deepEqual(
        await panel.page.locator('.event-text').allInnerTexts(),
        ['Settings changed: voice.rate'],
        'an event that is far beyond those on show',
      );
      assert.deepEqual(sent('event.query').at(-1), {
        text: 'Voice.RATE',
        order: 'desc',
        limit: 200,
        to_seq: 19,
      });
      // Words of the panel alone, on what is loaded; what happens now joins in.
      await panel.page.locator('#timeline-search').fill('settings changed setting.99');
      await isFound('10 events');
      const changes = { 'setting.990x': 1 };
      await panel.send(
        event(1_001, 0, { type: 'config.patched', data: { changes, signed: null } }),
      );
      await isFound('11 events');
      await panel.page.locator('#timeline-search').fill('no such thing');
      await isFound('Nothing that was recorded matches “no such thing”.');
      assert.equal(await panel.page.locator('.event').count(), 0);
      await press('Escape');
      assert.equal(await panel.page.locator('#timeline-search').count(), 0);
      assert.equal(await at(), 'timeline-search-open');
    });

    it('[W-21] pages through what the host finds, and keeps what was looked for over tabs and a reload', async () => {
      await open(history, 700);
      await click('#timeline-search-open');
      await panel.page.locator('#timeline-search').fill('setting');
      await isFound('or more events');
      const scroller = panel.page.locator('.timeline-scroll');
      for (let i = 0; i < 12 && (await found()).includes('more'); i++) {
        await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
        await panel.act([{ wait: 50 }]);
      }
      await isFound('980 events');
      assert.ok((await panel.page.locator('.event').count()) < 60);
      await click('#tab-voice');
      await click('#tab-timeline');
      assert.equal(await panel.page.locator('#timeline-search').inputValue(), 'setting');
      await panel.reload();
      await isFound('or more events');
      assert.equal(await panel.page.locator('#timeline-search').inputValue(), 'setting');
      assert.equal(await at(), '', 'nobody asked for the keyboard');
    });

    it('[W-22] asks for a file with what matches, also with what only the panel words so', async () => {
      await open(history, 700);
      await click('#timeline-search-open');
      await panel.page.locator('#timeline-search').fill('settings changed setting.999');
      await isFound('1 event');
      await click('.search-row .codicon-export');
      assert.deepEqual(panel.told.at(-1), {
        bridge: 'export_events',
        text: 'settings changed setting.999',
        seqs: [999],
      });
    });

    it('[W-21] says that the host cannot be asked, and asks again when it is back', async () => {
      await open({ ...history, 'event.query': { events: [], head_seq: 1_000 } }, 700);
      await click('#timeline-search-open');
      panel.reply({
        'event.query': { code: 'store_unavailable', message: 'no', retryable: true },
      });
      await panel.page.locator('#timeline-search').fill('setting');
      await panel.page.locator('#search-found .is-error').waitFor();
      await panel.say(bridge({ state: 'reconnecting', can_decide: false }));
      panel.reply(history);
      await panel.say(bridge());
      await isFound('event');
    });
  });

  describe('everything else', () => {
    it('[G-25] runs the closest sentence when it is picked, and waits for the rest of one with a gap', async () => {
      const scene = scenes.find((one) => one.name === 'not-understood');
      await open(scene?.replies ?? {});
      await panel.act(scene?.acts ?? []);
      await click('.choice >> nth=1');
      assert.equal(await panel.page.locator('.say-input').inputValue(), 'run task ');
      await click('.choice >> nth=0');
      assert.deepEqual(
        sent('conversation.inject_text').map((one) => one['text']),
        ['run the test suit', 'run the tests'],
      );
    });

    it('[F-40] sends a sentence by Enter, shows it in place and what became of it', async () => {
      await open({
        'conversation.inject_text': sayResult({
          transcript: 'undo',
          status: 'done',
          reply: 'Undone.',
        }),
      });
      await panel.act([{ type: '  undo ', into: '.say-input' }, { press: 'Enter' }]);
      assert.deepEqual(sent('conversation.inject_text'), [{ text: 'undo' }]);
      assert.match(await text(), /“undo” Undone\./);
      assert.equal(await panel.page.locator('.say-input').inputValue(), '');
    });

    it('[W-02] keeps or drops a schedule that was read back by a button', async () => {
      const scene = scenes.find((one) => one.name === 'said-schedule');
      for (const [label, sentence] of [
        ['Save it', 'save the schedule'],
        ['Discard', 'discard the schedule'],
      ] as const) {
        await open(scene?.replies ?? {});
        await panel.act(scene?.acts ?? []);
        await click(`.turn :is(vscode-button, button):text-is("${label}")`);
        assert.equal(sent('conversation.inject_text').at(-1)?.['text'], sentence);
      }
    });

    describe('[W-23] has a schedule back that a sentence deleted, by a button', () => {
      const [task] = tasks.tasks;
      assert.ok(task !== undefined);
      const { task_id, name } = task;
      const reply = `Deleted: ${name}. Say "undo" to have it back.`;
      const deletedBy = (turn_id: string): Promise<void> => {
        const fact = { type: 'task.deleted', data: { task_id, reason: 'said so' } } as const;
        return panel.send(event(401, 0, fact, undefined, turn_id));
      };
      const takesBack = async (row: string): Promise<void> => {
        await panel.page.locator(`${row} vscode-button`, { hasText: 'Undo' }).focus();
        await press('Enter');
        await panel.page.locator('.banner', { hasText: `It is back: ${name}.` }).waitFor();
        assert.deepEqual(sent('scheduler.restore'), [{ task_id }]);
        await panel.page.locator(row).waitFor({ state: 'detached' });
        const focus = await panel.page.evaluate(() => document.activeElement?.className);
        assert.equal(focus, 'say-input');
      };

      it('that was typed', async () => {
        const said = sayResult({ status: 'answered', reply, result: { task_id, deleted: true } });
        await open({ 'conversation.inject_text': said, 'scheduler.restore': { task } });
        await panel.act([{ type: 'cancel it', into: '.say-input' }]);
        await press('Enter');
        await panel.page.locator('.turn', { hasText: reply }).waitFor();
        assert.equal(await panel.page.locator('.turn vscode-button').count(), 0, 'nothing is gone');
        await deletedBy(said.turn_id ?? '');
        await takesBack('.turn');
      });

      it('that was spoken, until it is back by another way', async () => {
        const turn_id = id('turn', 1);
        const isSpoken = async (): Promise<void> => {
          await open({ 'scheduler.restore': { task } });
          await panel.live(turn('listening'));
          await panel.live(turn('acting'));
          await deletedBy(turn_id);
          const data = { turn_id, text: reply, run_id: null, event_seqs: [] };
          await panel.send(event(402, 0, { type: 'turn.answered', data }));
          await panel.page.locator('.spoken', { hasText: reply }).waitFor();
        };
        await isSpoken();
        await takesBack('.spoken');
        await isSpoken();
        await panel.send(
          event(403, 0, { type: 'task.restored', data: { task_id, next_due: null } }),
        );
        await panel.page.locator('.spoken vscode-button').waitFor({ state: 'detached' });
      });
    });

    it('[W-04] lists what can be said to be clicked, and leaves the panel whole under a sentence of any length', async () => {
      const help = scenes.find((one) => one.name === 'said-help');
      await open(help?.replies ?? {});
      await panel.act(help?.acts ?? []);
      await click('.choice:text-is("go to LINE")');
      assert.equal(await panel.page.locator('.say-input').inputValue(), 'go to ');
      await click('.choice:text-is("git status")');
      assert.equal(sent('conversation.inject_text').at(-1)?.['text'], 'git status');
      const long = scenes.find((one) => one.name === 'said-at-length');
      await open(long?.replies ?? {}, 700);
      await panel.act(long?.acts ?? []);
      const { height = 0 } = (await panel.page.locator('.turn').boundingBox()) ?? {};
      assert.ok(height < 250, `${height} px`);
      assert.equal((await text()).match(/did nothing/g)?.length, 1);
    });

    it('[W-01] shows what a command printed on its card, and in its event', async () => {
      const running = run(1, first.call, { status: 'running' });
      await open({ ...waiting(first), 'run.list': { runs: [running] } });
      await panel.send(decided(401, 1));
      const result = { exit_code: 0, stdout: 'four tests passed\n', stderr: '', duration_ms: 12 };
      await panel.send(
        event(402, 0, { type: 'run.succeeded', data: { run_id: id('run', 1), result } }),
      );
      await click('.event-line');
      const shown = await panel.page.locator('.printed').allInnerTexts();
      assert.deepEqual(
        shown.map((one) => one.trim()),
        ['four tests passed', 'four tests passed'],
        'on the settled card and below the event',
      );
    });

    it('[W-05] denies everything that waits at the second press, and approves nothing that way', async () => {
      const flood = [1, 2, 3, 4, 5].map((n) => approval(n, command(`npm run job-${n}`)));
      await open(waiting(...flood.slice(0, 4)));
      assert.doesNotMatch(await text(), /all 4/);
      await open(waiting(...flood));
      await click('.cards-all button:text-is("Deny all 5…")');
      await press('Escape');
      assert.deepEqual(decisions(), []);
      await click('.cards-all button:text-is("Deny all 5…")');
      await panel.pass(SETTLED);
      await click('.cards-all vscode-button:text-is("Deny all 5")');
      assert.deepEqual(
        decisions(),
        flood.map(({ approval_id }) => [approval_id, 'deny', false]),
      );
    });

    it('says to a yes that no card waits for what it could have been meant for', async () => {
      const scene = scenes.find((one) => one.name === 'said-approve');
      const { 'approval.list': _none, ...replies } = scene?.replies ?? {};
      await open(replies);
      await panel.act(scene?.acts ?? []);
      assert.match(await text(), /Nothing waits for an answer\. To keep a schedule/);
    });

    it('[W-03] gives a tab room when it is opened, whatever waits above it', async () => {
      await open(waiting(first, second), 700);
      const room = async (): Promise<number> =>
        (await panel.page.locator('.tab-panel').boundingBox())?.height ?? 0;
      assert.ok((await room()) < 120, 'the cards come first');
      await click('#tab-agents');
      assert.ok((await room()) > 170, `${await room()} px`);
      await click('#tab-timeline');
      await click('.event-line');
      assert.ok((await room()) > 170, `${await room()} px`);
    });

    it('[W-03] leaves the most of a low panel to what is in use, and the orb a mark', async () => {
      const heightOf = async (selector: string): Promise<number> =>
        (await panel.page.locator(selector).boundingBox())?.height ?? 0;
      await open({}, 400);
      assert.ok((await heightOf('.orb')) > 50, 'nothing is in use');
      for (const use of ['#tab-schedules', '#tab-voice', '#timeline-search-open']) {
        if (use.includes('search')) await click('#tab-timeline');
        await click(use);
        assert.ok(
          (await heightOf('.tab-panel')) > 200,
          `${use}: ${await heightOf('.tab-panel')} px`,
        );
        assert.equal(await heightOf('.orb'), 24, use);
        assert.ok(await panel.page.locator('.orb-button').isVisible(), 'it is still there to talk');
      }
      await panel.page.setViewportSize({ width: 320, height: 700 });
      assert.ok((await heightOf('.orb')) > 90, 'there is room for both');
    });

    it('keeps the field wide, and says which window acts only where there are several', async () => {
      await open({ 'runtime.status': status({ windows: 1 }) });
      assert.equal(await panel.page.locator('.say-place').count(), 0);
      await open({ 'runtime.status': status({ windows: 2 }) });
      assert.equal(await panel.page.locator('.say-place').innerText(), '→ hob');
    });

    it('[G-19] [F-38] switches the kill switch and the pause with one click each', async () => {
      await open({ 'policy.kill_switch_set': { on: true }, 'runtime.stop': { state: 'stopped' } });
      panel.reply({ 'runtime.status': status({ kill_switch: true }) });
      await click('button[aria-label^="Kill switch"]');
      await panel.send(
        event(401, 0, {
          type: 'policy.kill_switch_set',
          data: { on: true, reason: 'by hand', signed: null },
        }),
      );
      assert.match(await text(), /Nothing starts until you turn it off/);
      await click('button[aria-label="Turn the kill switch off"]');
      assert.equal(sent('policy.kill_switch_set').length, 1, 'a double click is one click');
      await panel.pass(SETTLED);
      await panel.page.getByLabel('Turn the kill switch off').focus();
      await press('Enter');
      await click('button[aria-label^="Pause"]');
      assert.deepEqual(
        sent('policy.kill_switch_set').map((one) => one['on']),
        [true, false],
      );
      assert.equal(sent('runtime.stop').length, 1);
      panel.reply({ 'runtime.status': status({ state: 'stopped' }) });
      const stopped = { type: 'runtime.stopped', data: { reason: 'in the panel' } } as const;
      await panel.send(event(402, 0, stopped));
      await click('button[aria-label^="Resume"]');
      assert.equal(sent('runtime.start').length, 0, 'of the pause as well');
    });

    it('[G-33] writes exactly the plan that was shown, after it was shown', async () => {
      const plan = connectPlan();
      await open({
        'agent.connect_plan': { plan },
        'agent.connect_apply': { agent: null, plan: { ...plan, state: 'connected' } },
      });
      await panel.act([
        { click: '#tab-agents' },
        { click: '.connect-row button' },
        { click: '.choices vscode-button' },
      ]);
      const write = 'vscode-button:has-text("Write this file")';
      await click(write);
      assert.deepEqual(sent('agent.connect_apply'), []);
      await panel.pass(SETTLED);
      await click(write);
      assert.deepEqual(sent('agent.connect_apply'), [
        { name: 'claude-code', undo: false, plan_hash: plan.plan_hash },
      ]);
      assert.match(await text(), /Connected\. Restart Claude Code/);
      await click('.sheet button:text-is("Undo")');
      assert.deepEqual(
        sent('agent.connect_plan').map((one) => one['undo']),
        [false, true],
      );
    });

    it('[G-21] stops what was approved and still runs', async () => {
      const scene = scenes.find((one) => one.name === 'approved-running');
      await open({
        ...scene?.replies,
        'run.cancel': { run: run(1, first.call, { status: 'cancelled' }) },
      });
      await panel.act(scene?.acts ?? []);
      await click('button[aria-label="Stop it"]');
      assert.deepEqual(
        sent('run.cancel').map((one) => one['run_id']),
        [id('run', 1)],
      );
    });

    it('[G-17] revokes a permission, and not the one that comes up under the pointer', async () => {
      const [first, second] = [grant(1, 'git log *'), grant(2, 'make *')];
      await open({ 'grant.list': { grants: [first, second] }, 'grant.revoke': { revoked: [] } });
      await panel.act([
        { click: '#tab-grants' },
        { wait: SETTLED },
        { click: 'button[aria-label="Revoke: git log *"]' },
      ]);
      panel.reply({ 'grant.list': { grants: [second] } });
      const data = { grant_id: id('grant', 1), reason: 'revoked' };
      await panel.send(event(401, 0, { type: 'grant.revoked', data }));
      await panel.page.getByLabel('Revoke: git log *').waitFor({ state: 'detached' });
      await click('button[aria-label="Revoke: make *"]');
      assert.deepEqual(sent('grant.revoke'), [{ grant_id: id('grant', 1) }]);
      assert.match(await text(), /Something moved under your pointer/);
    });

    const focused = (): Promise<string> =>
      panel.page.evaluate(() => document.activeElement?.textContent.trim() ?? '');

    it('[W-20] [G-17] gives the keyboard to the next permission when one ended, never to its button', async () => {
      const calls = ['git log *', 'npm test *', 'make *'];
      const grants = calls.map((label, at) => grant(at + 1, label));
      await open({ 'grant.list': { grants }, 'grant.revoke': { revoked: [] } });
      await click('#tab-grants');
      const revoke = async (n: number, ...left: number[]): Promise<void> => {
        await panel.page.locator(`button[aria-label="Revoke: ${calls[n]}"]`).focus();
        await panel.pass(SETTLED);
        await press('Enter');
        panel.reply({ 'grant.list': { grants: grants.filter((_, at) => left.includes(at)) } });
        const data = { grant_id: id('grant', n + 1), reason: 'revoked' };
        await panel.send(event(401 + n, 0, { type: 'grant.revoked', data }));
        await panel.page
          .locator(`button[aria-label="Revoke: ${calls[n]}"]`)
          .waitFor({ state: 'detached' });
        await press('Enter');
      };
      await revoke(1, 0, 2);
      assert.match(await focused(), /^make/, 'the next one');
      await revoke(2, 0);
      assert.match(await focused(), /^git log/, 'there is no next one');
      await revoke(0);
      assert.equal(await panel.page.evaluate(() => document.activeElement?.id), 'tab-grants');
      assert.equal(sent('grant.revoke').length, 3, 'no second press ended another one');
    });

    describe('with servers', () => {
      const hand = (name: string): Promise<void> => click(`.servers [data-hand="${name}"]`);
      const opened = async (name: string, replies: Replies = {}): Promise<void> => {
        const scene = scenes.find((one) => one.name === name);
        await open({ ...scene?.replies, ...replies });
        await panel.act(scene?.acts ?? []);
      };
      const files = servers.files;

      it('[X-30] restarts and stops one, and removes it at the second press with the focus kept', async () => {
        await opened('server-open', {
          'server.restart': { server: files },
          'server.stop': { server: files },
          'server.remove': { server: files },
        });
        await hand('debug-restart');
        await hand('debug-stop');
        assert.deepEqual(sent('server.restart'), [{ name: 'files' }]);
        assert.deepEqual(sent('server.stop'), [{ name: 'files' }]);
        assert.match(await text(), /The next call of one of its tools starts it again/);
        await hand('circle-slash');
        assert.deepEqual(sent('server.stop')[1], { name: 'files', off: true });
        await hand('trash');
        assert.equal(await focused(), 'Keep it');
        await panel.pass(SETTLED);
        await press('Enter');
        assert.equal(await focused(), 'Remove');
        assert.deepEqual(sent('server.remove'), []);
        await panel.pass(SETTLED);
        await press('Enter');
        await hand('trash');
        assert.deepEqual(sent('server.remove'), [
          { name: 'files', reason: 'removed in the panel' },
        ]);
      });

      it('[X-30] is reached and unfolded by keys alone, and read again when something happens to one', async () => {
        await open({ 'server.list': servers.three, 'server.tools': { tools: servers.tools } });
        await panel.page.locator('#tab-timeline').focus();
        for (let i = 0; i < 4; i++) await press('ArrowRight');
        assert.equal(await focused(), 'Servers');
        await panel.page.locator('.server-line').first().waitFor();
        await press('Tab');
        await press('Enter');
        await panel.page.locator('.server-tools').waitFor();
        assert.deepEqual(sent('server.tools'), [{ name: 'files' }]);
        const before = sent('server.list').length;
        const about = { server_id: files.server_id, server: 'files' };
        const failed = { ...about, problem: 'It ended.', next_try_ms: 1_000 };
        await panel.send(event(401, 0, { type: 'server.failed', data: failed }));
        await panel.page.waitForTimeout(300);
        assert.ok(sent('server.list').length > before);
        assert.equal(await panel.page.locator('.server-tools').count(), 1);
      });

      it('[X-13] signs in by the page that the host names, cancels it, and signs out', async () => {
        const [tickets, calendar, mail] = servers.logins.servers;
        assert.ok(tickets !== undefined && calendar !== undefined && mail !== undefined);
        const page = 'https://login.tickets.example/authorize?state=1';
        const waits = { ...tickets, login: calendar.login };
        const isIn = { ...tickets, health: mail.health, login: mail.login };
        await opened('servers-login', {
          'server.login': { server: waits, url: page, approval_id: null },
        });
        await hand('sign-in');
        await panel.page.getByText('on the page that opened in your browser').waitFor();
        assert.deepEqual(panel.told.at(-1), { bridge: 'open_sign_in', url: page });
        panel.reply({ 'server.login': { server: isIn, url: null, approval_id: null } });
        await panel.page.getByText('Signed in at tickets.').waitFor();
        const [first, second] = sent('server.login');
        assert.deepEqual([first?.['after'], second?.['after']], [undefined, 'browser']);

        await opened('servers-login-browser', { 'server.cancel_login': { server: calendar } });
        const address = 'http://127.0.0.1:4711/callback?code=c&state=s';
        panel.reply({ 'server.finish_login': { server: calendar, url: null, approval_id: null } });
        await panel.page.locator('.login-address input').fill(address);
        await hand('finish');
        assert.deepEqual(sent('server.finish_login'), [{ name: 'calendar', address }]);
        await hand('close');
        assert.deepEqual(sent('server.cancel_login'), [{ name: 'calendar' }]);
        await opened('servers-login-done', { 'server.logout': { server: mail, revoked: true } });
        await hand('sign-out');
        assert.deepEqual(sent('server.logout'), [{ name: 'mail' }]);
      });

      it('[X-32] leads to the card of what changed, and asks again after a no', async () => {
        await opened('server-changed', { 'server.review': { run: null } });
        assert.equal(await panel.page.locator('.tool-detail [data-hand="try"]').count(), 0);
        await click('.server-changed button');
        assert.equal(
          await panel.page.locator('.card.is-selected').getAttribute('data-approval'),
          servers.pinCard.approval_id,
        );
        await opened('server-denied', { 'server.review': { run: null } });
        await click('.server-changed button');
        assert.deepEqual(sent('server.review'), [{ name: 'files' }]);
      });

      it('[X-31] tries a tool with what the fields say, and reads the answer when its run has ended', async () => {
        await opened('server-try', {
          'server.call': { run: servers.searchAsked, approval_id: null },
        });
        assert.deepEqual(sent('server.call'), []);
        const fields = panel.page.locator('.try-form :is(input, select, textarea)');
        await fields.nth(0).fill('/home/me/notes');
        await fields.nth(1).fill('*.md');
        await fields.nth(3).selectOption('no');
        await fields.nth(5).fill('["old"]');
        await fields.nth(1).press('Enter');
        await panel.page.getByText('A card at the top asks first.').waitFor();
        const args = { path: '/home/me/notes', pattern: '*.md', limit: 20, order: 'name' };
        assert.deepEqual(sent('server.call'), [
          {
            server: 'files',
            tool: 'search_files',
            arguments: { ...args, hidden: false, exclude: ['old'] },
          },
        ]);
        panel.reply({ 'run.get': { run: servers.searchDone } });
        const { run_id, call, call_hash, policy, principal, trigger } = servers.searchDone;
        const created = {
          run_id,
          trigger,
          runner: 'server',
          principal,
          call,
          call_hash,
        } as const;
        await panel.send(event(401, 1, { type: 'run.created', data: { ...created, policy } }));
        const done = { run_id, result: servers.searchDone.result ?? {} };
        await panel.send(event(402, 0, { type: 'run.succeeded', data: done }));
        await panel.page.getByText('/home/me/notes/hob/ideas.md').waitFor();
      });

      it('[X-31] takes the arguments as JSON, with what the fields said, and says a refusal in words', async () => {
        const message = 'The arguments do not fit the tool: pattern is missing';
        await opened('server-try', {
          'server.call': { code: 'tool_arguments_invalid', message, retryable: false },
        });
        const fields = panel.page.locator('.try-form :is(input, select, textarea)');
        await fields.nth(0).fill('/a');
        await fields.nth(1).fill('b');
        await click('.try-form .codicon-json');
        const whole = panel.page.locator('.try-form textarea');
        assert.match(await whole.inputValue(), /"pattern": "b"/);
        await whole.fill('[1');
        await click('.try-form .codicon-play');
        assert.match(await text(), /This is not JSON/);
        await whole.fill('{"path": "/a"}');
        await click('.try-form .codicon-play');
        assert.deepEqual(
          sent('server.call').map((one) => one['arguments']),
          [{ path: '/a' }],
        );
        assert.match(await text(), /pattern is missing/);
        await press('Escape');
        assert.equal(await panel.page.locator('.try-form').count(), 0);
      });

      it('[X-30] asks for a new one as it is written down, and for nothing else', async () => {
        const { searchAsked: run } = servers;
        await open({ 'server.add': { run } });
        await click('#tab-servers');
        await click('.servers .codicon-add');
        const fields = panel.page.locator('.add-form input');
        await fields.nth(0).fill('notes');
        await fields.nth(1).fill('npx -y "some server"');
        await fields.nth(2).fill('LANG=de');
        await press('Enter');
        assert.deepEqual(sent('server.add'), []);
        assert.match(await text(), /are named only/);
        await fields.nth(2).fill('LANG');
        await fields.nth(2).press('Enter');
        await panel.page.getByText('A card at the top asks whether you want notes.').waitFor();
        const transport = {
          kind: 'stdio',
          argv: ['npx', '-y', 'some server'],
          env_names: ['LANG'],
          variables: [],
        };
        assert.deepEqual(sent('server.add'), [
          { name: 'notes', transport: { ...transport, reads: [], writes: [], network: false } },
        ]);
        assert.equal(await focused(), 'Add a server');
      });
    });

    describe('by the clock', () => {
      const audit = id('task', 2);
      const task = tasks.tasks.find((one) => one.task_id === audit);
      assert.ok(task !== undefined);
      const opened = async (): Promise<void> => {
        const scene = scenes.find((one) => one.name === 'schedule-open');
        const change = {
          status: 'done',
          task,
          run_id: null,
          approval_id: null,
          reason: null,
        } as const;
        await open({
          ...scene?.replies,
          'scheduler.trigger_now': { task },
          'scheduler.pause': { task },
          'scheduler.delete': { task },
          'scheduler.restore': { task },
          'scheduler.update': change,
        });
        await panel.act(scene?.acts ?? []);
      };
      const hand = (picture: string): Promise<void> =>
        click(`.schedule-detail .codicon-${picture}`);

      it('[F-47] [F-45] runs a schedule now, and pauses it', async () => {
        await opened();
        await hand('play');
        await hand('debug-pause');
        assert.deepEqual(sent('scheduler.trigger_now'), [{ task_id: audit }]);
        assert.deepEqual(sent('scheduler.pause'), [
          { task_id: audit, reason: 'paused in the panel' },
        ]);
        const paused = tasks.tasks.map((one) =>
          one === task ? { ...one, status: 'paused' as const } : one,
        );
        panel.reply({ 'scheduler.list': { tasks: paused, total: paused.length } });
        const by = { task_id: audit, by: 'user', reason: 'paused in the panel' };
        await panel.send(event(404, 0, { type: 'task.paused', data: by }));
        await hand('debug-continue');
        assert.deepEqual(sent('scheduler.resume'), [], 'a double click is one click');
      });

      it('[F-46] [W-23] deletes a schedule at once, and has it back by Undo in its place', async () => {
        await opened();
        const names = (): Promise<string[]> => panel.page.locator('.schedule').allInnerTexts();
        const place = (await names()).findIndex((one) => one.includes('audit'));
        await hand('trash');
        assert.deepEqual(
          sent('scheduler.delete').map((one) => one['task_id']),
          [audit],
        );
        assert.equal(await focused(), 'Undo');
        const undo = panel.page.getByRole('button', { name: 'Undo' });
        const about = await undo.getAttribute('aria-describedby');
        const words = await panel.page.locator(`#${about}`).innerText();
        assert.equal(words, 'Deleted: nightly dependency audit');
        assert.match((await names())[place] ?? '', /^Deleted: nightly dependency audit/);
        await press('Enter');
        assert.deepEqual(sent('scheduler.restore'), [], 'the second half of a double press');
        await panel.pass(SETTLED);
        await press('Enter');
        await undo.waitFor({ state: 'detached' });
        assert.deepEqual(sent('scheduler.restore'), [{ task_id: audit }]);
        assert.match(await focused(), /^nightly dependency audit/);
        assert.equal(
          (await names()).findIndex((one) => one.includes('audit')),
          place,
        );
      });

      it('[F-46] [W-23] offers Undo until it is back by another way, or too long ago', async () => {
        const undo = panel.page.getByRole('button', { name: 'Undo' });
        await opened();
        await hand('trash');
        await undo.waitFor();
        const restored = { task_id: audit, next_due: null };
        await panel.send(event(404, 0, { type: 'task.restored', data: restored }));
        await undo.waitFor({ state: 'detached' });
        assert.match(await focused(), /^nightly dependency audit/, 'not at another row');
        await opened();
        await hand('trash');
        await undo.waitFor();
        // The view was left for another one and is made anew.
        const others = tasks.tasks.filter((one) => one !== task);
        panel.reply({ 'scheduler.list': { tasks: others, total: others.length } });
        await panel.reload();
        await undo.waitFor();
        await panel.pass(10 * 60_000);
        await undo.waitFor({ state: 'detached' });
        assert.deepEqual(await panel.page.locator('.schedule', { hasText: 'audit' }).count(), 0);
      });

      it('[F-45] shows the next times while they are typed, and saves what stands there over the version that was read', async () => {
        await opened();
        await hand('edit');
        const when = panel.page.locator('.schedule-form input').nth(1);
        await when.fill('15 7 * * *');
        await when.press('Enter');
        await panel.page.locator('.schedule-form').waitFor({ state: 'detached' });
        const triggers = sent('scheduler.preview').map((one) => one['trigger']);
        assert.ok(triggers.length <= 2);
        assert.deepEqual(sent('scheduler.update'), [
          {
            task_id: audit,
            generation: 2,
            change: { trigger: { kind: 'cron', expression: '15 7 * * *' } },
          },
        ]);
      });

      const field = (label: string): Locator =>
        panel.page.locator('.schedule-form label', { hasText: label }).locator('input, select');

      it('[F-45] changes what it does, and what happens when it cannot run as planned', async () => {
        await opened();
        await hand('edit');
        await field('Command, without').fill("npm audit --grep 'log in'");
        await click('.schedule-form summary');
        await field('When it was missed').selectOption('up_to');
        await field('Up to how many').fill('5');
        await field('While the last one').selectOption('queue');
        await field('Tries').fill('3');
        await field('Minutes it may take').fill('10');
        await field('Running it twice').check();
        await field('Quiet from').fill('22:00');
        await field('until').fill('07:00');
        await field('until').press('Enter');
        await panel.page.locator('.schedule-form').waitFor({ state: 'detached' });
        assert.deepEqual(
          sent('scheduler.update').map((one) => one['change']),
          [
            {
              action: { kind: 'command', argv: ['npm', 'audit', '--grep', 'log in'] },
              missed: { kind: 'up_to', count: 5 },
              overlap: 'queue',
              retry: { attempts: 3, backoff_seconds: 30 },
              timeout_seconds: 600,
              idempotent: true,
              quiet_hours: { from: '22:00', to: '07:00', due: 'delay' },
            },
          ],
        );
      });

      it('[F-45] refuses a command that only a shell would understand, and keeps what was typed', async () => {
        await opened();
        await hand('edit');
        await field('Command, without').fill('npm audit | tee log');
        await field('Command, without').press('Enter');
        await panel.page
          .locator('.schedule-form .is-error', { hasText: 'without a shell' })
          .waitFor();
        assert.equal(await field('Command, without').inputValue(), 'npm audit | tee log');
        assert.deepEqual(sent('scheduler.update'), []);
      });

      it('[F-45] keeps what was typed when somebody else saved first, and saves it over their version', async () => {
        await opened();
        await hand('edit');
        // The keyboard goes with what it opened.
        await panel.page.keyboard.press('ControlOrMeta+a');
        await panel.page.keyboard.type('audit before breakfast');
        await panel.act(auditChanged);
        await panel.page.locator('.schedule-conflict', { hasText: 'what it does' }).waitFor();
        assert.ok(await panel.page.locator('.schedule-form [type="submit"]').isDisabled());
        await click('.schedule-form .is-error .link');
        assert.equal(await focused(), 'Keep what I typed');
        await panel.pass(SETTLED);
        await press('Enter');
        assert.equal(
          await field('Command, without').inputValue(),
          'npm audit --audit-level=moderate',
        );
        await field('Name').press('Enter');
        await panel.page.locator('.schedule-form').waitFor({ state: 'detached' });
        assert.equal(await focused(), 'Edit');
        await press('Enter');
        assert.equal(await panel.page.locator('.schedule-form').count(), 0, 'saved by two presses');
        assert.deepEqual(sent('scheduler.update'), [
          { task_id: audit, generation: 3, change: { name: 'audit before breakfast' } },
        ]);
      });

      it('[F-45] says in the form what the host has against it, and keeps what was typed', async () => {
        await opened();
        await hand('edit');
        panel.reply({
          'scheduler.preview': {
            code: 'invalid_schedule',
            message: 'There is no zone of that name.',
            retryable: false,
          },
        });
        const zone = panel.page.locator('.schedule-form input').nth(2);
        await zone.fill('Europe/Nowhere');
        await panel.page.locator('.schedule-form .is-error').waitFor();
        assert.equal(await zone.inputValue(), 'Europe/Nowhere');
        assert.ok(await panel.page.locator('.schedule-form [type="submit"]').isDisabled());
        await zone.press('Escape');
        assert.equal(await panel.page.locator('.schedule-form').count(), 0);
        assert.deepEqual(sent('scheduler.update'), []);
      });
    });

    it('[X-14] fills in what a server asks, hears what is wrong with it, and sends it; no is an answer of its own', async () => {
      const message = '"Contact" has to be an e-mail address.';
      const wrong = { code: 'invalid_payload', message, retryable: false };
      await open({ ...asking(serverForm), 'inquiry.answer': wrong });
      const { inquiry_id } = serverForm;
      const field = (label: string) => panel.page.getByLabel(label);
      await field('Title').fill('Tests fail');
      await field('Contact').fill('ann');
      await field('Estimated hours').fill('');
      await field('Major: blocks a release').check();
      await field('docs').check();
      await field('Linux').check();
      await field('No answer').check();
      assert.equal(await field('Linux').isChecked(), false, 'what is optional can be left out');
      await field('Everybody may read it').uncheck();
      await click('.question-submit');
      assert.deepEqual(sent('inquiry.answer'), [], 'it had only just appeared');
      await panel.pass(SETTLED);
      await click('.question-submit');
      const content = {
        title: 'Tests fail',
        contact: 'ann',
        hours: null,
        severity: 'major',
        areas: ['tests', 'docs'],
        platform: null,
        public: false,
      };
      assert.deepEqual(sent('inquiry.answer'), [{ inquiry_id, content }]);
      assert.match(await text(), /has to be an e-mail address/);
      panel.reply({ 'inquiry.decline': { inquiry: serverForm } });
      await panel.pass(SETTLED);
      await click('.server-question .inquiry-foot button:has-text("Put away")');
      await click('.server-question .inquiry-foot button:has-text("Decline")');
      assert.deepEqual(sent('inquiry.decline'), [
        { inquiry_id, dismiss: true },
        { inquiry_id, dismiss: false },
      ]);
    });

    it('[X-14] opens the page that a server wants opened once the host knows of it', async () => {
      await open({ ...asking(serverLink), 'inquiry.answer': { inquiry: serverLink } });
      await panel.pass(SETTLED);
      await click('.question-submit');
      await panel.pass(0);
      const { inquiry_id, url } = serverLink;
      assert.deepEqual(sent('inquiry.answer'), [{ inquiry_id, content: {} }]);
      assert.deepEqual(panel.told.at(-1), { bridge: 'open_sign_in', url });
    });

    it('asks the editor for what only the editor can do', async () => {
      const edit = scenes.find((one) => one.name === 'edit');
      await open(edit?.replies ?? {});
      await click('.diff .link');
      await click('button[aria-label="Settings"]');
      await panel.act([{ click: '.event-line' }, { click: '.event-detail .link' }]);
      assert.deepEqual(panel.told, [
        { bridge: 'ready' },
        { bridge: 'show_diff', approval_id: id('appr', 3) },
        { bridge: 'run_command', command: 'open_settings' },
        { bridge: 'open_event', seq: 400 },
      ]);
    });

    it('[W-24] leaves the first steps out for good, and gives the keyboard to the heading', async () => {
      const scene = scenes.find((one) => one.name === 'first-run');
      await open(scene?.replies ?? {});
      await panel.page.getByRole('button', { name: 'Leave these steps out' }).focus();
      await press('Enter');
      assert.doesNotMatch(await text(), /Welcome to Hob|Answer a question/);
      assert.equal(
        await panel.page.evaluate(() => document.activeElement?.className),
        'header-title',
      );
      await panel.reload();
      assert.match(await text(), /Nobody waits for you/);
      assert.doesNotMatch(await text(), /Leave these steps out/);
    });

    it('puts a draft of the editor into the field without sending it', async () => {
      await open();
      await panel.say({ bridge: 'draft', text: 'run task build' });
      assert.equal(await panel.page.locator('.say-input').inputValue(), 'run task build');
      assert.deepEqual(sent('conversation.inject_text'), []);
    });
  });
});
