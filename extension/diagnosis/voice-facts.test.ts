import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { voiceWords } from './voice-facts.ts';

type Voice = Parameters<typeof voiceWords>[0];
const microphone = { id: 'in-1', name: 'Headset', kind: 'input' as const, is_default: true };
const voice: Voice = {
  inputs: [microphone],
  outputs: [],
  home: { window_id: null, input: null, output: null, is_home: true },
  gate_open: true,
  voices: [],
  engines: [
    { part: 'sound', engine: 'decibri', problem: null },
    { part: 'speech', engine: 'flite', problem: 'The speaker gives no sound.' },
  ],
};

describe('the voice on the diagnostics page', () => {
  it('[V-43] [V-63] says what runs, why something is not heard, and which devices are used', () => {
    assert.deepEqual(voiceWords(voice).split('\n'), [
      'sound: decibri',
      'speech: flite. The speaker gives no sound.',
      'microphone: Headset',
      'There is no speaker.',
    ]);
  });

  it('[V-61] says that the chosen microphone is gone, and that the gate is closed', () => {
    const home = { ...voice.home, input: 'in-2' };
    const words = voiceWords({ ...voice, home, gate_open: false });
    assert.match(words, /microphone: the chosen one is not connected; there is Headset/);
    assert.match(words, /switched off in Hob\.$/);
  });
});
