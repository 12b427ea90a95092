// Talking to the installed package: a workbench on a sound card that is none, a person who holds the microphone
// button, and an agent that waits for a yes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import type { CommandResult } from '#schema/commands/registry.ts';
import type { RunView } from '#schema/views/run.ts';
import type { TurnView } from '#schema/views/turn.ts';
import { bestOfHalfSeconds } from '../fakes/correlation.ts';
import { inRoom } from '../bench/lib/speech/noise.ts';
import { seededRandom } from '../bench/lib/speech/random.ts';
import { childrenRunning } from '../fakes/child-processes.ts';
import { isAlive } from '../fakes/is-alive.ts';
import { padded, peakOf, recorded, rendered, wavOf } from '../fakes/speech-samples.ts';
import { startVirtualCard, type VirtualCard } from '../fakes/virtual-card.ts';
import { printing, SETTLE_MS, startGate, type Gate, type GateWindow } from './gate-fixture.ts';
import { BUSY_MS } from './harness/browser.ts';
import { installOnce, palette, screenshot } from './harness/workbench.ts';

/** Slower than a system's, so that a busy machine's pauses are no letting go: twice this is the most that is waited. */
const REPEAT_MS = 350;
/** A repeat that came later than this is one that a real key would not have sent: the machine stood still. */
const STANDSTILL_MS = 600;
const TRIES = 4;

/** A command of the editor: nobody can tell what it will do, so it is asked about. */
const ORDER = 'view toggle panel visibility';
const TITLE = 'View: Toggle Panel Visibility';
const STEPS = [
  ...(['microphone', 'speech', 'partial', 'final', 'intent', 'question', 'decision'] as const),
  ...(['tool', 'answer', 'spoken', 'state'] as const),
];

describe('talking', function () {
  let card: VirtualCard;
  let gate: Gate;
  let editor: GateWindow;
  let order: Float32Array;
  let approve: Float32Array;
  before(async () => {
    const speech = Promise.all([rendered(ORDER), rendered('approve')]);
    card = await startVirtualCard();
    gate = await startGate({ env: card.env });
    execFileSync('git', ['init', '--quiet'], { cwd: gate.folder });
    editor = await gate.openWindow();
    [order, approve] = await speech;
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(editor.page, 'voice-failed');
  });
  after(async () => {
    await gate?.stop();
    await card?.stop();
  });

  const turns = async (): Promise<TurnView[]> => {
    const all = await gate.ask('call', 'conversation.turn_list', '{"limit":50}');
    return (all as { turns: TurnView[] }).turns;
  };
  /** The newest turn, once it is as wanted. */
  const newest = async (wanted: (turn: TurnView) => boolean): Promise<TurnView> => {
    const deadline = performance.now() + BUSY_MS;
    for (;;) {
      const [turn] = await turns();
      if (turn !== undefined && wanted(turn)) return turn;
      assert.ok(performance.now() < deadline, JSON.stringify(turn));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  /** One of them, once it has ended. */
  const over = async (turn_id: string): Promise<TurnView> => {
    const how = JSON.stringify({ turn_id, wait_ms: 45_000 });
    const { turn } = (await gate.ask('call', 'conversation.turn_get', how)) as { turn: TurnView };
    assert.equal(turn.state, 'ended', JSON.stringify(turn.moments));
    return turn;
  };
  const wasAsked = ({ moments }: TurnView): boolean =>
    moments.some(({ kind }) => kind === 'question');
  const isOver = ({ state }: TurnView): boolean => state === 'ended';
  const isOpen = ({ state, device }: TurnView): boolean => state === 'listening' && device !== null;

  /** Presses the microphone button until `during` is over. */
  const holding = async (during: () => Promise<unknown>): Promise<void> => {
    const button = editor.panel.locator('.mic-button');
    await button.hover();
    await editor.page.mouse.down();
    try {
      await during();
    } finally {
      await editor.page.mouse.up();
    }
  };

  it('[V-76] [V-15] an order is spoken, shown, asked about on a card and aloud, allowed by a held yes, done, and answered aloud', async () => {
    await holding(async () => {
      await newest(isOpen);
      await editor.panel.getByText(/Listening → /).waitFor();
      await card.speak(padded(order));
    });
    await editor.panel.getByText(ORDER).first().waitFor();
    await editor.settledCard(TITLE);
    const asked = await newest(wasAsked);
    assert.deepEqual([asked.mode, asked.heard?.text], ['hold', ORDER]);
    await screenshot(editor.page, 'voice-order');
    // On show for a second before anybody begins to answer.
    await editor.page.waitForTimeout(1_000);
    const recording = card.record();
    await holding(async () => {
      await newest((turn) => isOpen(turn) && turn.turn_id !== asked.turn_id);
      // Pressing silenced the question, and half a second after that an answer counts.
      await card.speak(padded(approve, 0.6));
    });
    const done = await over(asked.turn_id);
    const heard = await recording();
    await editor.page.locator('.part.panel').waitFor();
    // The order has its row back from the yes that was said for it.
    const row = editor.panel.locator('.spoken', { hasText: `“${ORDER}”` });
    await row.getByText(/Done: .*Toggle Panel Visibility/).waitFor();
    await screenshot(editor.page, 'voice-done');
    const { run } = gate.cli('call', 'run.get', JSON.stringify({ run_id: done.run_id })) as {
      run: RunView;
    };
    assert.equal(run.status, 'succeeded');
    const reply = done.moments.findLast(({ kind }) => kind === 'answer')?.text ?? '';
    assert.match(reply, /^Done: .*Toggle Panel Visibility/);
    const alike = bestOfHalfSeconds(await rendered(reply, 'slt'), heard);
    assert.ok(alike > 0.9, `what sounded is ${alike} like "${reply}"`);
    // Every step of it stands in the debug view, with its time.
    const kinds = new Set(done.moments.map(({ kind }) => kind));
    for (const kind of STEPS)
      assert.ok(kinds.has(kind), `${kind}: ${JSON.stringify(done.moments)}`);
    assert.ok((done.level?.points.length ?? 0) > 10, 'the level is kept');
  });

  describe('by key binding', () => {
    const keys = ['Control', 'Alt'];
    /**
     * Presses the binding; while `during` lasts, the key repeats as a held key does. Resolves with the longest
     * time between two repeats: what the keyboard of a machine that stood still sent, not what was meant.
     */
    const pressing = async (during?: () => Promise<unknown>): Promise<number> => {
      const { keyboard } = editor.page;
      let longest = 0;
      for (const key of keys) await keyboard.down(key);
      await keyboard.down('Space');
      try {
        const work = during?.();
        let over = work === undefined;
        void Promise.allSettled([work]).then(() => (over = true));
        let last = performance.now();
        while (!over) {
          await editor.page.waitForTimeout(REPEAT_MS);
          // Playwright sends what is down already as a repeat.
          await keyboard.down('Space');
          longest = Math.max(longest, performance.now() - last);
          last = performance.now();
        }
        await work;
      } finally {
        for (const key of ['Space', ...keys]) await keyboard.up(key);
      }
      return longest;
    };
    const known = new Set<string>();
    const isNew = ({ turn_id }: TurnView): boolean => !known.has(turn_id);
    const countNew = async (): Promise<number> => (await turns()).filter(isNew).length;
    const forget = async (): Promise<void> => {
      for (const { turn_id } of await turns()) known.add(turn_id);
    };
    beforeEach(forget);

    it('[V-77] held, its repeats keep one turn open, and letting go ends it', async () => {
      const hold = (): Promise<number> =>
        pressing(async () => {
          await newest((turn) => isOpen(turn) && isNew(turn));
          await card.speak(padded(recorded('git-status')));
        });
      for (let n = 1; (await hold()) > STANDSTILL_MS && n < TRIES; n += 1) {
        await newest(isOver);
        await forget();
      }
      const turn = await newest(isOver);
      assert.equal(turn.heard?.text, 'show me the git status', JSON.stringify(turn));
      assert.equal(turn.mode, 'hold');
      assert.equal(await countNew(), 1, 'no repeat began or ended a turn of its own');
    });

    it('[V-77] pressed once, it listens until it is pressed again', async () => {
      await pressing();
      await newest((turn) => isOpen(turn) && isNew(turn));
      // Longer than any first repeat takes.
      await editor.page.waitForTimeout(1_000);
      await card.speak(padded(recorded('git-status')));
      assert.equal((await turns())[0]?.state, 'listening');
      await pressing();
      assert.equal((await newest(isOver)).heard?.text, 'show me the git status');
      assert.equal(await countNew(), 1);
    });
  });

  it('[V-76] [V-15] an agent asks, a held yes answers its card, and the agent has its result', async () => {
    const agent = await gate.agent('tester');
    const answer = agent.run(printing('said-yes'));
    await editor.settledCard('said-yes');
    // On show for a second before anybody begins to speak.
    await editor.page.waitForTimeout(1_000);
    const recording = card.record();
    await holding(async () => {
      await newest(isOpen);
      await card.speak(padded(approve));
    });
    const { status, stdout } = await answer;
    assert.deepEqual([status, stdout], ['succeeded', 'said-yes\n']);
    const turn = await newest(isOver);
    assert.ok(turn.can_decide);
    const heard = await recording();
    assert.ok(peakOf(heard) > 0.05, `peak ${peakOf(heard)}`);
    await editor.panel
      .getByText(/Approved: node print.cjs said-yes/)
      .first()
      .waitFor();
    await screenshot(editor.page, 'voice-yes');
    assert.equal((gate.cli('call', 'audit.verify') as { ok: boolean }).ok, true);
  });

  it('[F-48] [F-49] voice is moved to this window and back home by commands of the palette', async () => {
    const { page } = editor;
    const isHome = async (): Promise<boolean> =>
      ((await gate.ask('devices')) as CommandResult<'audio.device_list'>).home.is_home;
    await palette(page, 'Hob: Move Voice to This Window');
    await page.getByText('Hob: what is said acts in this window').waitFor();
    assert.equal(await isHome(), false);
    await palette(page, 'Hob: Move Voice Back Home');
    await page.getByText('Hob: what is said acts where it is said').waitFor();
    assert.equal(await isHome(), true);
  });

  it('[V-72] [V-76] an agent asks for words, and hears the answer that is said on its card', async () => {
    const agent = await gate.agent('asker');
    const asked = agent.call('ask_user', {
      question: 'Which way?',
      choices: ['the first', 'the second'],
    });
    const inquiry = editor.panel.locator('article.inquiry', { hasText: 'Which way?' });
    await inquiry.waitFor();
    await editor.page.waitForTimeout(SETTLE_MS);
    await inquiry.getByText('Say it').click();
    await newest(isOpen);
    await screenshot(editor.page, 'voice-inquiry');
    await card.speak(padded(await rendered('the second'), 1));
    const { status, answer, answered_by: how } = await asked;
    assert.deepEqual([status, answer, how], ['answered', 'the second', 'voice']);
  });

  describe('with noise', () => {
    let file: string;
    let installed: string;
    let hearing: string;
    before(async () => {
      file = path.join(gate.folder, 'noisy.wav');
      const sound = padded(recorded('git-status'));
      const noise = { kind: 'pink', snrDb: 8, random: seededRandom(7), talkers: [] } as const;
      writeFileSync(file, wavOf(inRoom(sound, noise)));
      installed = await installOnce();
      const name = readdirSync(installed).find((one) => one.startsWith('hob.hob-hearing-'));
      assert.ok(name !== undefined, readdirSync(installed).join(' '));
      hearing = path.join(installed, name);
    });

    const heard = async (): Promise<TurnView> => {
      const how = JSON.stringify({ path: file, dry_run: true, wait_ms: 45_000 });
      const answer = await gate.ask('call', 'conversation.inject_audio', how);
      return (answer as CommandResult<'conversation.inject_audio'>).record;
    };
    const look = ({ moments }: TurnView): unknown =>
      moments.find(({ kind }) => kind === 'final')?.data['look'];
    const problem = async (): Promise<string | null | undefined> => {
      const { engines } = (await gate.ask('devices')) as CommandResult<'audio.device_list'>;
      return engines.find(({ part }) => part === 'recognition')?.problem;
    };

    it('[V-33] an order is heard by the model of the package beside Hob, and the debug view says so', async () => {
      const turn = await heard();
      assert.deepEqual([turn.heard?.text, turn.heard?.accepted], ['show me the git status', true]);
      assert.equal(look(turn), 'model');
      assert.equal(await problem(), null);
      const [pid] = childrenRunning('rescoring.worker', gate.hostPid());
      const command = execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
      assert.ok(command.includes(path.join(installed, 'hob.hob-')), command);
    });

    it('[V-33] without that package the recogniser looks again itself, what is missing is said, and installed again it counts', async () => {
      const away = path.join(installed, 'away');
      renameSync(hearing, away);
      try {
        const [pid = 0] = childrenRunning('rescoring.worker', gate.hostPid());
        process.kill(pid, 'SIGKILL');
        assert.match((await problem()) ?? '', /not installed\. Install hob-hearing\.vsix/);
        assert.equal(look(await heard()), 'second');
      } finally {
        renameSync(away, hearing);
      }
      const deadline = performance.now() + BUSY_MS;
      while (look(await heard()) !== 'model') assert.ok(performance.now() < deadline);
      assert.equal(await problem(), null);
    });

    it('[V-32] the model ends with a host that is killed', async () => {
      const host = gate.hostPid();
      const [pid = 0] = childrenRunning('rescoring.worker', host);
      assert.ok(isAlive(pid));
      process.kill(host, 'SIGKILL');
      const deadline = performance.now() + BUSY_MS;
      while (isAlive(pid)) {
        assert.ok(performance.now() < deadline, 'it outlives its host');
        await editor.page.waitForTimeout(100);
      }
    });
  });
});
