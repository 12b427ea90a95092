import { SAMPLE_RATE } from '../../ports.ts';
import { likeness } from '../core/closest.ts';
import type { Grammar } from '../core/grammar.ts';
import { nearPart } from '../core/near-part.ts';
import type { Finding } from '../core/rejection.ts';
import { Decoder, FRAMES_PER_SECOND, type EngineModule, type Heard } from './decoder.ts';
import type { FrontEnd } from './front-end.ts';
import { joined } from './recording.ts';
import { SoundLoop } from './sound-loop.ts';

/** Gets out what the front end still holds: it is 35 ms late. */
const FLUSH = 0.036 * SAMPLE_RATE;
/** The last word ends in silence, also where the hand let go at once. The loop of sounds needs no end. */
const BLANK = 0.05 * SAMPLE_RATE;
/** Speech has more than this above 4 kHz (−36 to −10 dB in what is at hand); over a telephone it has −49 dB and less. */
const NARROW_DB = -43;

/** What one pass made of an utterance. */
export interface PassResult {
  /** Words of the graph; none where nothing was heard. */
  tokens: string[];
  /** The sounds that the free loop heard. */
  heard: string[];
  finding: Finding;
}

/** Two decoders over the same sound: one knows the orders, the other, at the same time, every sequence of sounds. */
export class Pass {
  readonly orders: Decoder;
  readonly #sounds = new SoundLoop();
  #frontEnd: FrontEnd | null = null;
  /** What the front end made of the utterance so far. */
  #clean: Float32Array[] = [];

  private constructor(orders: Decoder) {
    this.orders = orders;
  }

  static async create(engine: EngineModule): Promise<Pass> {
    return new Pass(await Decoder.create(engine, 'words'));
  }

  async begin(front: FrontEnd): Promise<void> {
    this.#frontEnd = front;
    this.#clean = [];
    this.#sounds.begin();
    await this.orders.begin();
  }

  push(frame: Float32Array): void {
    const clean = this.#cleaned(frame);
    this.#sounds.push(clean);
    this.orders.push(clean);
  }

  /** The end of what was pushed. `inQuiet`: what the front end still holds is the room only, and not waited for. */
  async end(grammar: Grammar, { inQuiet }: { inQuiet: boolean }): Promise<PassResult> {
    if (!inQuiet) this.push(new Float32Array(FLUSH));
    const sounds = this.#sounds.end();
    if (!inQuiet) this.orders.push(this.#cleaned(new Float32Array(BLANK)));
    return this.#result(grammar, this.orders.end(), await sounds);
  }

  /** The same once more, as a whole: less its own mean, and less what others say before and after it. */
  async again(grammar: Grammar): Promise<PassResult> {
    const part = nearPart(this.cleaned);
    const sounds = this.#sounds.again(part);
    await this.orders.begin();
    this.orders.pushWhole(part);
    return this.#result(grammar, this.orders.end(), await sounds);
  }

  #cleaned(frame: Float32Array): Float32Array {
    const clean = this.#frontEnd?.push(frame) ?? frame;
    this.#clean.push(clean);
    return clean;
  }

  #result(grammar: Grammar, order: Heard, sounds: Heard): PassResult {
    const heard = sounds.tokens.map((token) => token.slice(1));
    const expected = order.tokens.flatMap((token) =>
      (grammar.words.get(token)?.[0] ?? '').split(' '),
    );
    return {
      tokens: order.tokens,
      heard,
      finding: {
        gap: (sounds.score - order.score) / Math.max(1, order.frames),
        likeness: likeness(heard, expected),
        poorest: poorestOf(order, sounds),
        fit: fitOf(order),
        frames: order.frames,
      },
    };
  }

  /** The utterance so far, as the front end left it. */
  get cleaned(): Float32Array {
    return joined(this.#clean);
  }

  get isNarrow(): boolean {
    return this.#frontEnd !== null && this.#frontEnd.highDb < NARROW_DB;
  }

  /** Stops and forgets. */
  drop(): void {
    this.#clean = [];
    this.#sounds.drop();
    this.orders.end();
  }
}

/** Mean distance from the best sound of each moment, over the words. */
function fitOf({ spans }: Heard): number {
  const score = spans.reduce((sum, one) => sum + one.score, 0);
  return (
    score / Math.max(1, FRAMES_PER_SECOND * spans.reduce((sum, { from, to }) => sum + to - from, 0))
  );
}

/** The gap of the word that has the largest one. */
function poorestOf(order: Heard, sounds: Heard): number {
  const gaps = order.spans.map(({ from, to, score }) => {
    const frames = Math.max(1, FRAMES_PER_SECOND * (to - from));
    const loop = sounds.spans.reduce((sum, sound) => {
      const shared = Math.min(to, sound.to) - Math.max(from, sound.from);
      return shared <= 0 ? sum : sum + (sound.score * shared) / (sound.to - sound.from);
    }, 0);
    return (loop - score) / frames;
  });
  return Math.max(0, ...gaps);
}
