import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import { wireEvents } from '#schema/events/runtime-events.ts';
import type { SoundLevel } from '../orb/sound-level.ts';
import type { LiveEvent } from '../state/voice.ts';
import type { Dispatch } from '../state/store.ts';

const folded = [
  'runtime.mic_status',
  'runtime.turn',
  'runtime.transcription',
  'runtime.speaking',
] as const;

/** Takes events of this moment; false for every other one. What does not fit the contract is dropped. */
export function takeLive(
  { event, payload, seq }: EventEnvelope,
  dispatch: Dispatch,
  level: SoundLevel,
): boolean {
  if (event === 'runtime.audio_level') {
    const heard = wireEvents[event].safeParse(payload);
    if (heard.success) level.set(heard.data.level, heard.data.of);
    return true;
  }
  const name = folded.find((one) => one === event);
  // What was stored comes as event.appended as well, with its seq.
  if (name === undefined || seq !== undefined) return false;
  const parsed = wireEvents[name].safeParse(payload);
  if (parsed.success)
    dispatch({ kind: 'live', live: { event: name, payload: parsed.data } as LiveEvent });
  return true;
}
