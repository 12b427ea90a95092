// Talking to the installed package: a workbench on a sound card that is none, a person who holds the microphone
// button, and an agent that waits for a yes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, afterEach, before, describe, it } from 'mocha';
import type { TurnView } from '#schema/views/turn.ts';
import { padded, peakOf, recorded, rendered } from '../fakes/speech-samples.ts';
import { startVirtualCard, type VirtualCard } from '../fakes/virtual-card.ts';
import { printing, SETTLE_MS, startGate, type Gate, type GateWindow } from './gate-fixture.ts';
import { BUSY_MS } from './harness/browser.ts';
import { screenshot } from './harness/workbench.ts';

describe('talking', function () {
  let card: VirtualCard;
  let gate: Gate;
  let editor: GateWindow;
  before(async () => {
    card = await startVirtualCard();
    gate = await startGate({ env: card.env });
    execFileSync('git', ['init', '--quiet'], { cwd: gate.folder });
    editor = await gate.openWindow();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(editor.page, 'voice-failed');
  });
  after(async () => {
    await gate?.stop();
    await card?.stop();
  });

  const turns = (): TurnView[] =>
    (gate.cli('call', 'conversation.turn_list', '{"limit":50}') as { turns: TurnView[] }).turns;
  /** The newest turn, once it is as wanted. */
  const newest = async (wanted: (turn: TurnView) => boolean): Promise<TurnView> => {
    const deadline = performance.now() + BUSY_MS;
    for (;;) {
      const [turn] = turns();
      if (turn !== undefined && wanted(turn)) return turn;
      assert.ok(performance.now() < deadline, JSON.stringify(turn));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
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

  it('[V-76] hold, speak, let go: the transcript and the window that acts are shown, it is done, and the reply is heard', async () => {
    const recording = card.record();
    await holding(async () => {
      await newest(isOpen);
      await editor.panel.getByText(/Listening → /).waitFor();
      await card.speak(padded(recorded('git-status')));
    });
    await editor.panel.getByText('show me the git status').first().waitFor();
    const turn = await newest(isOver);
    const heard = await recording();
    await screenshot(editor.page, 'voice-order');
    assert.deepEqual([turn.mode, turn.heard?.text], ['hold', 'show me the git status']);
    assert.ok(
      turn.moments.some(({ kind, text }) => kind === 'tool' && text === 'done'),
      JSON.stringify(turn.moments),
    );
    assert.ok(peakOf(heard) > 0.05, `peak ${peakOf(heard)}`);
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
      await card.speak(padded(await rendered('approve')));
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
});
