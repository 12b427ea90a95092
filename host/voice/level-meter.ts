import { SAMPLE_RATE, type LevelListeners } from './ports.ts';

const LEVEL_EVERY_MS = 50;
/** A microphone that is switched off gives zeros; one in a silent room does not. */
const MUTED_MS = 1_000;

/** How loud it is, in the time of the sound itself: what is told is the RMS since it was last told. */
export class LevelMeter {
  readonly #listeners: LevelListeners;
  #samples = 0;
  #loudest = 0;
  #toldAt = -Infinity;
  /** Of the samples since then: their squares, and how many. */
  #squares = 0;
  #untold = 0;

  constructor(listeners: LevelListeners) {
    this.#listeners = listeners;
  }

  /** Milliseconds of sound until now. */
  get audioMs(): number {
    return Math.round((this.#samples * 1000) / SAMPLE_RATE);
  }

  /** RMS of the loudest frame. */
  get loudest(): number {
    return this.#loudest;
  }

  push(frame: Float32Array): void {
    const before = this.audioMs;
    this.#samples += frame.length;
    let sum = 0;
    for (const sample of frame) sum += sample * sample;
    this.#loudest = Math.max(this.#loudest, Math.sqrt(sum / frame.length));
    this.#squares += sum;
    this.#untold += frame.length;
    const now = this.audioMs;
    if (this.#loudest === 0 && before < MUTED_MS && now >= MUTED_MS) this.#listeners.onMuted?.();
    if (now - this.#toldAt < LEVEL_EVERY_MS) return;
    const rms = Math.sqrt(this.#squares / this.#untold);
    this.#toldAt = now;
    this.#squares = 0;
    this.#untold = 0;
    this.#listeners.onLevel(Math.min(1, rms));
  }
}
