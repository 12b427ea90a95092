import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { event } from '../../test/fixtures/panel/builders.ts';
import { evolveVoice } from './evolve-voice.ts';
import type { PanelState } from './model.ts';
import {
  initialVoice,
  isGateOpen,
  isListening,
  isThinking,
  micProblem,
  withConfig,
  withLive,
  withQuestionAnswered,
  withStored,
  type LiveEvent,
  type VoiceState,
} from './voice.ts';

const HERE = 'win_1';
const TURN = 'turn_00000000000000000000000001';
type TurnPayload = Extract<LiveEvent, { event: 'runtime.turn' }>['payload'];

const turn = (
  state: TurnPayload['state'],
  text: string | null = null,
  window_id = HERE,
  turn_id = TURN,
): LiveEvent => ({
  event: 'runtime.turn',
  payload: {
    turn_id,
    state,
    window_id,
    acts_on: window_id,
    acts_on_name: null,
    inquiry_id: null,
    text,
  },
});
const heard = (text: string, final = false): LiveEvent => ({
  event: 'runtime.transcription',
  payload: { turn_id: TURN, text, final, source: 'voice' },
});
const mic = (
  state: 'closed' | 'opening' | 'open' | 'error',
  window_id: string | null = HERE,
  code = state === 'error' ? 'microphone_lost' : null,
): LiveEvent => ({
  event: 'runtime.mic_status',
  payload: {
    state,
    turn_id: null,
    window_id,
    device: null,
    code,
    message: code === null ? null : 'Connect it.',
    gate_open: true,
  },
});
const play = (...events: LiveEvent[]): VoiceState =>
  events.reduce((voice, event) => withLive(voice, event, HERE), initialVoice);

describe('the voice in the panel', () => {
  it('a guess replaces the one before; what was recognised stays', () => {
    const voice = play(turn('listening'), heard('run'), heard('run the tests', true), heard('run'));
    assert.equal(voice.spoken?.text, 'run the tests');
    assert.ok(isListening(voice));
    assert.ok(isThinking(play(turn('listening'), turn('acting'))));
  });

  it('a turn of another window is not shown; that its microphone is open is', () => {
    assert.equal(play(turn('listening', null, 'win_2')).spoken, null);
    assert.equal(play(mic('open', 'win_2')).elsewhere, true);
    assert.equal(play(mic('open', 'win_2'), mic('closed', null)).elsewhere, false);
  });

  it('a turn that was let go without a word leaves nothing; one that heard nothing says so', () => {
    assert.equal(play(turn('listening'), turn('ended', 'aborted')).spoken, null);
    assert.equal(
      play(turn('listening'), turn('ended', 'nothing_heard')).spoken?.ended,
      'nothing_heard',
    );
  });

  it('the end of a turn that nobody saw begin shows nothing', () => {
    assert.equal(play(turn('ended', 'done')).spoken, null);
  });

  describe('[V-76] an order that waits for a spoken yes', () => {
    const YES = 'turn_00000000000000000000000002';
    const yes = (state: TurnPayload['state'], text: string | null = null): LiveEvent =>
      turn(state, text, HERE, YES);
    const said = (n: number, fact: DomainEvent): StoredEvent => event(n, 0, fact);
    const after = (voice: VoiceState, ...events: (LiveEvent | StoredEvent)[]): VoiceState =>
      events.reduce(
        (before, one) =>
          'event_type' in one ? withStored(before, one) : withLive(before, one, HERE),
        voice,
      );
    const answer = (n: number, turn_id: string, text: string): StoredEvent =>
      said(n, { type: 'turn.answered', data: { turn_id, text, run_id: null, event_seqs: [] } });
    const ordered = play(turn('listening'), heard('hide it', true), turn('acting'));
    const answered = after(
      ordered,
      yes('listening'),
      said(1, {
        type: 'turn.heard',
        data: {
          turn_id: YES,
          text: 'approve',
          accepted: true,
          score: 1,
          closest: [],
          snr_db: null,
          audio_ms: 400,
        },
      }),
      yes('acting'),
    );

    it('gives its row to the yes, and has it back, words and all, for what came of it', () => {
      assert.equal(answered.spoken?.text, 'approve');
      const both = after(
        answered,
        answer(2, YES, 'Approved: hide it.'),
        yes('speaking'),
        answer(3, TURN, 'Done: hidden.'),
      );
      assert.equal(both.spoken?.reply?.text, 'Approved: hide it.');
      const done = after(both, turn('speaking'), yes('ended', 'done'), turn('ended', 'done'));
      const { text, reply, ended } = done.spoken ?? {};
      assert.deepEqual([text, reply?.text, ended], ['hide it', 'Done: hidden.', 'done']);
    });

    it('[V-76] leaves no pointer to a card that is answered, and leaves what came of an order', () => {
      const pointed = after(answered, answer(2, YES, 'Answer on the card.'), yes('ended', 'done'));
      assert.equal(pointed.spoken?.reply?.text, 'Answer on the card.');
      assert.equal(withQuestionAnswered(pointed).spoken, null);
      assert.equal(withQuestionAnswered(answered), answered, 'nothing was pointed at yet');
      const understood = { turn_id: TURN, match: null, closest: [] };
      const done = after(
        ordered,
        said(1, { type: 'turn.understood', data: understood }),
        answer(2, TURN, 'It waits for your answer on the card: hide it.'),
      );
      assert.equal(withQuestionAnswered(done), done);
    });

    it('does not take the row from somebody who speaks', () => {
      const speaks = after(ordered, yes('listening'), answer(1, TURN, 'Done.'), turn('speaking'));
      assert.equal(speaks.spoken?.turn_id, YES);
      assert.equal(after(speaks, turn('ended', 'done')).spoken?.turn_id, YES);
    });
  });

  it('a lost microphone is said until it is open again', () => {
    const lost = play(mic('open'), turn('listening'), mic('error'));
    assert.equal(micProblem(lost)?.code, 'microphone_lost');
    assert.equal(micProblem(withLive(lost, mic('open'), HERE)), null);
  });

  it('[V-61] a muted microphone is said while it is open, and put away without closing it', () => {
    const muted = play(mic('open'), turn('listening'), mic('open', HERE, 'microphone_muted'));
    assert.equal(micProblem(muted)?.code, 'microphone_muted');
    const state = { voice: muted, bridge: null } as unknown as PanelState;
    const away = evolveVoice(state, { kind: 'spoken_closed' });
    assert.deepEqual([micProblem(away), away.mic?.state], [null, 'open']);
  });

  it('what is wrong with a microphone is not said in the window of somebody else', () => {
    assert.equal(micProblem(play(mic('open', 'win_2'), mic('error', 'win_2'))), null);
  });

  it('what the person corrects is not overwritten by what was heard', () => {
    const editing = play(turn('listening'), turn('editing', 'run the text'));
    assert.equal(editing.correcting, 'run the text');
    const typed = { ...editing, correcting: 'run the tests' };
    assert.equal(
      withLive(typed, turn('editing', 'run the text'), HERE).correcting,
      'run the tests',
    );
    assert.equal(withLive(typed, turn('acting'), HERE).correcting, null);
  });

  it('knows the settings of the voice and no others', () => {
    const voice = withConfig(initialVoice, { 'voice.gate': 'closed', 'policy.preset': 'ask' });
    assert.deepEqual(voice.config, { gate: 'closed' });
    assert.equal(isGateOpen(voice), false);
  });
});
