import { SAMPLE_RATE } from '../../ports.ts';
import { nearPart } from '../core/near-part.ts';

/** As long as orders are: what is longer is looked at only where somebody near speaks. */
const WHOLE = 6 * SAMPLE_RATE;
/** More takes too long to look at. */
const LONGEST = 10 * SAMPLE_RATE;
const SHORTEST = 0.1 * SAMPLE_RATE;

/** An utterance as it came in, for who looks at it as a whole. */
export class Recording {
  #pieces: Float32Array[] = [];

  begin(): void {
    this.#pieces = [];
  }

  push(frame: Float32Array): void {
    this.#pieces.push(frame);
  }

  get whole(): Float32Array {
    return joined(this.#pieces);
  }
}

/** What of an utterance is worth a look; null where nothing is. */
export function worthALook(whole: Float32Array): Float32Array | null {
  const part = whole.length <= WHOLE ? whole : nearPart(whole).slice();
  return part.length < SHORTEST || part.length > LONGEST ? null : part;
}

export function joined(pieces: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
