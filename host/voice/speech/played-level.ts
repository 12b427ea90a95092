import type { Clock } from '#host/kernel/clock.ts';
import type { Pcm } from '../ports.ts';

/** As often as a microphone tells its level. */
export const LEVEL_EVERY_MS = 50;

interface Span extends Pcm {
  /** When it begins to sound, monotonic ms. */
  readonly from: number;
}

const lengthOf = ({ samples, sampleRate }: Pcm): number => (samples.length / sampleRate) * 1_000;

/**
 * How loud it is on the speaker now: what was written sounds one after the other from the moment of its
 * writing. Tells the RMS 0..1 of each 50 ms while they sound, and 0 once it is silent.
 */
export class PlayedLevel {
  readonly #clock: Clock;
  readonly #tell: (level: number) => void;
  #spans: Span[] = [];
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, tell: (level: number) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  written(pcm: Pcm): void {
    const last = this.#spans.at(-1);
    const now = this.#clock.monotonic();
    const from = last === undefined ? now : Math.max(now, last.from + lengthOf(last));
    this.#spans.push({ ...pcm, from });
    if (this.#cancel === null) this.#look();
  }

  silent(): void {
    if (this.#cancel === null) return;
    this.#cancel();
    this.#cancel = null;
    this.#spans = [];
    this.#tell(0);
  }

  #look(): void {
    const now = this.#clock.monotonic();
    this.#spans = this.#spans.filter((span) => span.from + lengthOf(span) > now);
    const [span] = this.#spans;
    this.#cancel = this.#clock.timer(LEVEL_EVERY_MS, () => this.#look());
    if (span === undefined) return this.silent();
    this.#tell(rmsAt(span, now - span.from));
  }
}

function rmsAt({ samples, sampleRate }: Pcm, ms: number): number {
  const per = sampleRate / 1_000;
  const part = samples.subarray(Math.floor(ms * per), Math.floor((ms + LEVEL_EVERY_MS) * per));
  let sum = 0;
  for (const sample of part) sum += sample * sample;
  return part.length === 0 ? 0 : Math.min(1, Math.sqrt(sum / part.length));
}
