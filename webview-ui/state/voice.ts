import type * as z from 'zod';
import type { CommandResult } from '#schema/commands/registry.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { wireEvents } from '#schema/events/runtime-events.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import { dataOf } from '#schema/views/approval-fold.ts';
import type { TurnState, TurnView } from '#schema/views/turn.ts';

type Live<N extends keyof typeof wireEvents> = z.infer<(typeof wireEvents)[N]>;

/** What is true of this moment and never stored. */
export type LiveEvent =
  | { readonly event: 'runtime.mic_status'; readonly payload: Live<'runtime.mic_status'> }
  | { readonly event: 'runtime.turn'; readonly payload: Live<'runtime.turn'> }
  | { readonly event: 'runtime.transcription'; readonly payload: Live<'runtime.transcription'> }
  | { readonly event: 'runtime.speaking'; readonly payload: Live<'runtime.speaking'> };

/** A sentence that was spoken in this window, from the first guess to the answer. */
export interface SpokenTurn {
  readonly turn_id: string;
  readonly state: TurnState;
  /** The window that it acts on; null while nobody knows. */
  readonly acts_on: string | null;
  /** What a person calls that window. */
  readonly acts_on_name: string | null;
  /** The agent's question that it answers; null for an order. */
  readonly inquiry_id: string | null;
  readonly text: string;
  /** The text is what was recognised, no guess any more. */
  readonly final: boolean;
  /** Phrases that come near, when it was none of them. */
  readonly closest: readonly string[] | null;
  readonly reply: { readonly text: string; readonly seqs: readonly number[] } | null;
  /** It was taken for something to do; else for an answer to a question that waits. */
  readonly isOrder: boolean;
  /** Why it ended, once it has. */
  readonly ended: string | null;
}

export interface Devices {
  readonly list: CommandResult<'audio.device_list'> | null;
  readonly error: WireError | null;
  /** Why the microphone's level cannot be shown; null while it can. */
  readonly deaf: WireError | null;
}

export interface VoiceState {
  readonly mic: Live<'runtime.mic_status'> | null;
  /** The turn on show. */
  readonly spoken: SpokenTurn | null;
  /** Turns under way behind it: an order that waits, while its question is answered by another turn. */
  readonly behind: readonly SpokenTurn[];
  /** Another window has the microphone. */
  readonly elsewhere: boolean;
  readonly speaking: Live<'runtime.speaking'> | null;
  /** Why talking did not begin. */
  readonly problem: WireError | null;
  /** The transcript under correction, with `voice.edit_transcript`. */
  readonly correcting: string | null;
  /** Settings of the host whose name begins with `voice.`, without that. */
  readonly config: JsonObject;
  /** The picker, while it is open. */
  readonly devices: Devices | null;
  /** The debug view; null until somebody looked. */
  readonly turns: readonly TurnView[] | null;
}

export const initialVoice: VoiceState = {
  mic: null,
  spoken: null,
  behind: [],
  elsewhere: false,
  speaking: null,
  problem: null,
  correcting: null,
  config: {},
  devices: null,
  turns: null,
};

/** Reasons of an end that need no words: the person let go or thought better of it. */
const silentEnds = new Set(['done', 'aborted', 'cancelled', 'superseded', 'gate_closed']);

/** What a live event changes. `windowId`: this window. */
export function withLive(voice: VoiceState, live: LiveEvent, windowId: string): VoiceState {
  switch (live.event) {
    case 'runtime.mic_status':
      return withMic(voice, live.payload, windowId);
    case 'runtime.turn':
      return withTurn(voice, live.payload, windowId);
    case 'runtime.transcription': {
      const { turn_id, text, final } = live.payload;
      const { spoken } = voice;
      if (spoken?.turn_id !== turn_id || (spoken.final && !final)) return voice;
      return { ...voice, spoken: { ...spoken, text, final } };
    }
    case 'runtime.speaking':
      return { ...voice, speaking: live.payload.active ? live.payload : null };
  }
}

function withMic(voice: VoiceState, mic: Live<'runtime.mic_status'>, windowId: string): VoiceState {
  const isOpen = mic.state === 'open' || mic.state === 'opening';
  const isHere = mic.window_id === null || mic.window_id === windowId;
  return {
    ...voice,
    // What is wrong elsewhere is said there.
    mic: isHere ? mic : { ...mic, code: null, message: null },
    elsewhere: isOpen && !isHere,
    problem: isOpen && isHere ? null : voice.problem,
  };
}

function withTurn(voice: VoiceState, turn: Live<'runtime.turn'>, windowId: string): VoiceState {
  if (turn.window_id !== windowId) return voice;
  const { turn_id, state, acts_on, acts_on_name, inquiry_id, text } = turn;
  const known = knownTurns(voice).find((one) => one.turn_id === turn_id);
  if (known === undefined && state === 'ended') return voice;
  const ended = state === 'ended' ? (text ?? 'done') : null;
  const before = known ?? {
    turn_id,
    text: '',
    final: false,
    closest: null,
    reply: null,
    isOrder: false,
  };
  const next: SpokenTurn = { ...before, state, acts_on, acts_on_name, inquiry_id, ended };
  if (!takesRow(voice.spoken, next, known !== undefined)) return withBehind(voice, next);
  const isGone = ended !== null && silentEnds.has(ended) && next.text === '';
  const correcting = state === 'editing' ? (voice.correcting ?? text ?? '') : null;
  const displaced = voice.spoken?.turn_id === turn_id ? null : voice.spoken;
  const behind = voice.behind.filter((one) => one.turn_id !== turn_id);
  const shown = { ...voice, behind, spoken: isGone ? null : next, correcting, problem: null };
  return displaced === null ? shown : withBehind(shown, displaced);
}

const knownTurns = ({ spoken, behind }: VoiceState): readonly SpokenTurn[] =>
  spoken === null ? behind : [spoken, ...behind];

/** Who talks has the row; else the turn that has something to say. */
function takesRow(shown: SpokenTurn | null, next: SpokenTurn, isKnown: boolean): boolean {
  if (shown === null || shown.turn_id === next.turn_id || next.state === 'listening') return true;
  const isTalking = ['listening', 'recognising', 'editing'].includes(shown.state);
  return !isTalking && (!isKnown || next.state === 'speaking');
}

/** Kept until it has ended. */
function withBehind(voice: VoiceState, turn: SpokenTurn): VoiceState {
  const others = voice.behind.filter((one) => one.turn_id !== turn.turn_id);
  return { ...voice, behind: turn.ended === null ? [...others, turn] : others };
}

/** What a stored event says about spoken turns, and about settings. */
export function withStored(voice: VoiceState, event: StoredEvent): VoiceState {
  const patched = dataOf(event, 'config.patched');
  if (patched !== null) return withConfig(voice, patched.changes);
  const turn = knownTurns(voice).find((one) => one.turn_id === event.stream.stream_id);
  if (turn === undefined) return voice;
  const next = { ...turn, ...learned(event) };
  return turn === voice.spoken ? { ...voice, spoken: next } : withBehind(voice, next);
}

function learned(event: StoredEvent): Partial<SpokenTurn> {
  const heard = dataOf(event, 'turn.heard');
  if (heard !== null) {
    const closest = heard.accepted ? null : heard.closest.map(({ text }) => text);
    return { text: heard.text, final: true, closest };
  }
  const understood = dataOf(event, 'turn.understood');
  if (understood !== null)
    return {
      closest: understood.match === null ? understood.closest.map(({ phrase }) => phrase) : null,
      isOrder: true,
    };
  const answered = dataOf(event, 'turn.answered');
  return answered === null ? {} : { reply: { text: answered.text, seqs: answered.event_seqs } };
}

/** A question has been answered: where a card was pointed at for that, nothing is left to say. */
export function withQuestionAnswered(voice: VoiceState): VoiceState {
  const { spoken } = voice;
  const points = spoken !== null && spoken.reply !== null && !spoken.isOrder;
  return points && spoken.inquiry_id === null ? { ...voice, spoken: null } : voice;
}

export function withConfig(voice: VoiceState, config: JsonObject): VoiceState {
  const own = Object.entries(config)
    .filter(([name]) => name.startsWith('voice.'))
    .map(([name, value]) => [name.slice('voice.'.length), value] as const);
  if (own.length === 0) return voice;
  return { ...voice, config: { ...voice.config, ...Object.fromEntries(own) } };
}

/** The microphone is open here, if only for its level. */
export const isMicOpen = ({ mic, elsewhere }: VoiceState): boolean =>
  mic?.state === 'open' && !elsewhere;
/** What is said in this window is heard. */
export const isListening = ({ spoken }: VoiceState): boolean => spoken?.state === 'listening';
/** Something is being made of what was said. */
export const isThinking = ({ spoken }: VoiceState): boolean =>
  spoken !== null && ['recognising', 'understood', 'acting'].includes(spoken.state);
export const isGateOpen = ({ config, mic }: VoiceState): boolean =>
  config['gate'] !== 'closed' && mic?.gate_open !== false;

/** What is wrong with the microphone here, in words with what to do; null when nothing is known to be. */
export function micProblem(voice: VoiceState): WireError | null {
  if (voice.problem !== null) return voice.problem;
  const { mic } = voice;
  if (mic === null || mic.message === null) return null;
  return { code: mic.code ?? 'microphone_failed', message: mic.message, retryable: true };
}
