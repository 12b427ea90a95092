import type { CommandResult } from '#schema/commands/registry.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { WireEventName } from '#schema/events/runtime-events.ts';
import type { Ears, Mouth, SpokenPhrases, Voice } from '#host/voice/ports.ts';

type Devices = CommandResult<'audio.device_list'>;

/** A mouth with what turns need beside saying. */
export interface TurnMouth extends Mouth {
  /** A text for people as the sentences that `say` takes. */
  sentences(text: string): string[];
  voices(): readonly Voice[];
  /** Silence until the returned function is called: somebody talks. */
  hold(): () => void;
  /** Gets the voice ready, so that a reply is heard at once. */
  warm(): void;
}

/** Ears and mouth with what they run on. */
export interface VoiceParts {
  ears: Ears;
  mouth: TurnMouth;
  devices(): Promise<Pick<Devices, 'inputs' | 'outputs'>>;
  engines(): Devices['engines'];
  /**
   * What may be said now; called before every listening. Counts from the call on: a listening that begins
   * before this resolves is heard by these phrases.
   */
  setPhrases(phrases: SpokenPhrases): Promise<void>;
  /** The samples of a WAV file, 16 kHz mono. Throws HobError `audio_*`. */
  readWav(path: string, signal: AbortSignal): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Starts what is needed to listen and to speak, at its first use. Rejects with `voice_unavailable`
 * and why; the next call tries again.
 */
export type LoadVoice = () => Promise<VoiceParts>;

/** Events that are not stored, to the editor's windows. */
export interface LiveEvents {
  /** To every window. `coalesce`: only the newest of that name matters. */
  send(event: WireEventName, payload: JsonObject, coalesce?: boolean): void;
  /** To one window's extension alone. False when it is not there. */
  sendTo(windowId: string, event: WireEventName, payload: JsonObject): boolean;
}
