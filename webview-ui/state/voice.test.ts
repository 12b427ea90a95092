import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
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
): LiveEvent => ({
  event: 'runtime.turn',
  payload: { turn_id: TURN, state, window_id, acts_on: window_id, inquiry_id: null, text },
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
