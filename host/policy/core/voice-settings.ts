import * as z from 'zod';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { Setting } from './setting.ts';

const device = z.string().min(1).max(512).nullable();

/** What a person may choose about listening and speaking. None of it loosens a protection. */
export const voiceSettings: Record<string, Setting> = {
  'voice.engine': {
    schema: z.enum(['decibri', 'naudiodon']),
    value: 'decibri',
    description: 'What opens microphone and speaker: decibri, or naudiodon (PortAudio).',
  },
  'voice.input_device': {
    schema: device,
    value: null,
    description: "The microphone, as audio.device_list names it; null is the system's default.",
  },
  'voice.output_device': {
    schema: device,
    value: null,
    description: "The speaker, as audio.device_list names it; null is the system's default.",
  },
  'voice.talk': {
    schema: z.enum(['auto', 'hold', 'tap']),
    value: 'auto',
    description:
      'How you talk: hold (until you let go), tap (until you are quiet), or auto: a short press is a tap, a long one a hold.',
  },
  'voice.silence_ms': {
    schema: z.number().int().min(150).max(3_000),
    value: 300,
    description: 'Milliseconds of silence that end what you say after a tap.',
  },
  'voice.gate': {
    schema: z.enum(['open', 'closed']),
    value: 'open',
    description: 'Closed: no microphone opens at all.',
  },
  'voice.quiet': {
    schema: z.boolean(),
    value: false,
    description: 'Answers are shown and not said aloud.',
  },
  'voice.voice': {
    schema: z.string().min(1).max(64),
    value: 'slt',
    description: 'The voice that answers, as audio.device_list names it.',
  },
  'voice.rate': {
    schema: z.number().min(0.5).max(2),
    value: 1,
    description: 'How fast it speaks: 1 is its own speed, 2 twice as fast.',
  },
  'voice.edit_transcript': {
    schema: z.boolean(),
    value: false,
    description: 'Shows what was heard for you to correct before anything is done.',
  },
  'voice.captions': {
    schema: z.boolean(),
    value: true,
    description: 'Shows what is said aloud as text while it sounds.',
  },
};

/** The settings of the voice, typed. */
export interface VoiceSettings {
  engine: 'decibri' | 'naudiodon';
  input_device: string | null;
  output_device: string | null;
  talk: 'auto' | 'hold' | 'tap';
  silence_ms: number;
  gate: 'open' | 'closed';
  quiet: boolean;
  voice: string;
  rate: number;
  edit_transcript: boolean;
  captions: boolean;
}

/** What a store from before these settings lacks is as it is by default. */
export const voiceSettingsOf = (settings: { values: JsonObject }): VoiceSettings =>
  Object.fromEntries(
    Object.entries(voiceSettings).map(([name, { value }]) => [
      name.slice('voice.'.length),
      settings.values[name] === undefined ? value : settings.values[name],
    ]),
  ) as unknown as VoiceSettings;
