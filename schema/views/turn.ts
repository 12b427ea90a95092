import * as z from 'zod';
import { domainId, timestampSchema, uuidSchema } from '../envelope/ids.ts';
import { jsonObjectSchema } from '../envelope/json.ts';
import { callHashSchema } from './action-call.ts';

/** `hold`: until the hand lets go. `tap`: until it is quiet again. `file`: the samples of a WAV file. */
export const listenModes = ['hold', 'tap', 'file'] as const;

/** Where a spoken turn is. `editing` waits for the person to confirm the transcript; `ended` is the end of every way. */
export const turnStates = [
  'listening',
  'recognising',
  'understood',
  'editing',
  'acting',
  'speaking',
  'ended',
] as const;
export const turnStateSchema = z.enum(turnStates);
export type TurnState = z.infer<typeof turnStateSchema>;

/**
 * That a person opened a talk turn by hand, as the extension signs it (`listenStatement`). Without it
 * a turn may ask and do, but never decide.
 */
export const signedListenSchema = z.object({
  /** Made by the extension, new for every turn: a statement opens one turn, once. */
  listen_id: uuidSchema,
  window_id: z.string().min(1).max(64),
  mode: z.enum(['hold', 'tap']),
  opened_at: timestampSchema,
  decider_id: domainId('decider'),
  /** Ed25519 over `listenStatement`, base64url without padding. */
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});
export type SignedListen = z.infer<typeof signedListenSchema>;

/** What the recogniser made of an utterance. */
export const heardSchema = z.object({
  text: z.string(),
  /** False: not a known phrase, so nothing came of it. */
  accepted: z.boolean(),
  /** 0..1, comparable between utterances. */
  score: z.number(),
  closest: z.array(z.object({ text: z.string(), score: z.number() })),
  snr_db: z.number().nullable(),
  audio_ms: z.number(),
});
export type HeardView = z.infer<typeof heardSchema>;

/**
 * An answer to an approval as the host heard it: what a spoken decision rests on. It is part of what
 * the extension signs, and stored as turn.decision_heard before.
 */
export const decisionHeardSchema = z.object({
  turn_id: domainId('turn'),
  listen_id: uuidSchema,
  approval_id: domainId('approval'),
  call_hash: callHashSchema,
  decision: z.enum(['approve', 'deny', 'hold']),
  transcript: z.string(),
  score: z.number(),
  /** Milliseconds for which the card had been on show in that window. */
  shown_ms: z.number().int(),
  /** Milliseconds between the last sound of the host and the answer; null when it had not spoken at all. */
  quiet_ms: z.number().int().nullable(),
  heard_at: timestampSchema,
});
export type DecisionHeard = z.infer<typeof decisionHeardSchema>;

/** One moment of a turn, for the debug view. */
export const turnMomentSchema = z.object({
  /** Milliseconds since the turn began. */
  at_ms: z.number(),
  kind: z.enum([
    'state',
    'microphone',
    'speech',
    'partial',
    'final',
    'intent',
    'decision',
    'tool',
    'answer',
    'question',
    'spoken',
    'error',
  ]),
  /** For people. */
  text: z.string(),
  data: jsonObjectSchema,
});
export type TurnMoment = z.infer<typeof turnMomentSchema>;

/** Everything about one turn that ears and mouth had a part in. Kept in memory, never stored: the last 50. */
export const turnViewSchema = z.object({
  turn_id: domainId('turn'),
  mode: z.enum(listenModes),
  /** The window that opened it and the one that it acts on. Null for a file. */
  window_id: z.string().nullable(),
  acts_on: z.string().nullable(),
  state: turnStateSchema,
  /** Opened with a signature, so that an answer in it may count. */
  can_decide: z.boolean(),
  device: z.string().nullable(),
  started_at: timestampSchema,
  ended_at: timestampSchema.nullable(),
  /** `done`, `nothing_heard`, `aborted`, `window_closed`, `microphone_lost` …; null while it goes on. */
  ended_reason: z.string().nullable(),
  /** RMS 0..1 of the whole turn; null before the first frame. */
  level: z
    .object({
      mean: z.number(),
      peak: z.number(),
      frames: z.number().int(),
      /** In the course of the turn: ms since it began, and the level; at most 240. */
      points: z.array(z.tuple([z.number(), z.number()])),
    })
    .nullable(),
  heard: heardSchema.nullable(),
  run_id: domainId('run').nullable(),
  moments: z.array(turnMomentSchema),
});
export type TurnView = z.infer<typeof turnViewSchema>;

/** A microphone or a speaker. */
export const audioDeviceSchema = z.object({
  /** What a setting stores. */
  id: z.string(),
  name: z.string(),
  kind: z.enum(['input', 'output']),
  is_default: z.boolean(),
});

/** Which window and devices the voice session has now. Null = the default: the window that is spoken to, the system's device. */
export const voiceHomeSchema = z.object({
  window_id: z.string().nullable(),
  input: z.string().nullable(),
  output: z.string().nullable(),
  /** False after device.move, until device.go_home. */
  is_home: z.boolean(),
});
export type VoiceHome = z.infer<typeof voiceHomeSchema>;
