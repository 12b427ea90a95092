import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { MicError, type Heard, type Listening, type SpokenPhrases } from '#host/voice/ports.ts';
import type { ActiveTurn, CourseSteps } from './active-turn.ts';
import type { LiveEvents, LoadVoice } from './ports.ts';

export interface HearOptions {
  clock: Clock;
  live: LiveEvents;
  load: LoadVoice;
  steps: CourseSteps;
  phrases(turn: ActiveTurn): Promise<SpokenPhrases>;
}

/** What came in, and when the person began to speak. */
export interface Utterance {
  heard: Heard;
  began: { monotonic: number; wall: number };
  /**
   * Milliseconds of silence of the host before that; negative when it sounded into it, null when it never spoke. What
   * it says once the microphone is closed, while this is still being recognised, was not heard.
   */
  quiet_ms: number | null;
}

/** Nobody holds a key for longer; what was said until then is recognised. */
const LONGEST_MS = 60_000;

/** The hearing part of a turn: from the microphone's opening to what was recognised. Throws HobError. */
export async function hear(turn: ActiveTurn, o: HearOptions): Promise<Utterance | null> {
  const { signal } = turn.controller;
  const voice = await o.load();
  if (signal.aborted) return null;
  const phrases = await o.phrases(turn);
  if (signal.aborted) return null;
  const known = voice.setPhrases(phrases);
  // A person is not made to wait for them: what is heard meanwhile is, and no first word is lost.
  if (turn.mode === 'file') await known;
  o.steps.microphone(turn, 'opening');
  // Before the first sound is told apart, the turn's own beginning is the safe time: nothing is older.
  const start = { monotonic: o.clock.monotonic(), wall: o.clock.now() };
  let began: Utterance['began'] | null = null;
  let lastSound: number | null = null;
  const onClosed = (): void => void (lastSound ??= voice.mouth.lastSoundAt);
  const listening = voice.ears.listen({
    source:
      turn.samples === null ? { device: turn.input } : { samples: turn.samples, paced: turn.paced },
    endBy: turn.mode === 'tap' ? 'silence' : 'hand',
    silenceMs: turn.settings.silence_ms,
    signal,
    onLevel: (level) => onLevel(turn, o.live, level),
    onSpeech(speaking, atMs) {
      if (speaking) began ??= { monotonic: o.clock.monotonic(), wall: o.clock.now() };
      const text = speaking ? 'somebody speaks' : 'silence';
      turn.record.moment('speech', text, { speaking, audio_ms: atMs });
    },
    onMuted: () => o.steps.muted(turn),
    onPartial: (text) => onPartial(turn, o.live, text),
  });
  const isOpen = (): void => {
    // Beside the person's first words: the voice takes a while to start, and the microphone comes first.
    if (turn.mode !== 'file') voice.mouth.warm();
  };
  const hearing = heardOf(turn, listening, { isOpen, onClosed }, o).catch((failure: unknown) => {
    throw micError(failure);
  });
  const [heard] = await Promise.all([hearing, known]);
  const since = (began ?? start).monotonic - (lastSound ?? -Infinity);
  return { heard, began: began ?? start, quiet_ms: since === Infinity ? null : since };
}

async function heardOf(
  turn: ActiveTurn,
  listening: Listening,
  { isOpen, onClosed }: { isOpen(): void; onClosed(): void },
  o: HearOptions,
): Promise<Heard> {
  // Either may fail before anybody waits for it.
  listening.result.catch(() => {});
  const finish = (): void => {
    onClosed();
    listening.finish();
  };
  const stopTimer = o.clock.timer(LONGEST_MS, finish);
  const { signal: released } = turn.released;
  if (released.aborted) finish();
  else released.addEventListener('abort', finish, { once: true });
  try {
    const device = await listening.opened;
    isOpen();
    turn.record.view.device = device.name;
    if (!turn.controller.signal.aborted && !released.aborted)
      o.steps.microphone(turn, 'open', device.name);
    return await listening.result;
  } finally {
    onClosed();
    stopTimer();
    tellLevel(turn, o.live, 0);
    released.removeEventListener('abort', finish);
  }
}

function onLevel(turn: ActiveTurn, live: LiveEvents, level: number): void {
  turn.record.level(level);
  tellLevel(turn, live, level);
}

/** Of microphones only: a file is no sound that anybody made now. */
function tellLevel({ mode }: ActiveTurn, live: LiveEvents, level: number): void {
  if (mode !== 'file') live.send('runtime.audio_level', { of: 'microphone', level }, true);
}

function onPartial(turn: ActiveTurn, live: LiveEvents, text: string): void {
  turn.record.moment('partial', text);
  const source = turn.mode === 'file' ? 'wav' : 'voice';
  live.send('runtime.transcription', { turn_id: turn.turn_id, text, final: false, source });
}

const micCodes = {
  no_device: 'microphone_missing',
  device_lost: 'microphone_lost',
  permission_denied: 'microphone_denied',
  device_busy: 'microphone_busy',
  not_supported: 'voice_unavailable',
  failed: 'microphone_failed',
} as const;

/** What a microphone says of itself, as an error of the contract. What the machine said of it is kept. */
export function micError(failure: unknown): unknown {
  if (!(failure instanceof MicError)) return failure;
  const { reason, message } = failure;
  const exact = reason === 'not_supported' || reason === 'failed' ? { message } : {};
  return new HobError(micCodes[reason], { cause: failure, ...exact });
}
