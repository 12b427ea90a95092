import { SAMPLE_RATE } from '../../ports.ts';
import { likeness } from '../core/closest.ts';
import type { Grammar } from '../core/grammar.ts';
import type { Finding } from '../core/rejection.ts';
import { Decoder, type EngineModule, type Heard } from './decoder.ts';
import type { FrontEnd } from './front-end.ts';
import { joined } from './joined.ts';
import { SoundLoop } from './sound-loop.ts';

/** Gets out what the front end still holds: it is 35 ms late. */
const FLUSH = 0.036 * SAMPLE_RATE;
/** The last word ends in silence, also where the hand let go at once. The loop of sounds needs no end. */
const BLANK = 0.05 * SAMPLE_RATE;
/** Sounds at the edge of a word may be heard this much beside it, in seconds. */
const EDGE_S = 0.03;
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

  /** The same utterance once more, as a whole: its own mean is subtracted from it. */
  async again(grammar: Grammar): Promise<PassResult> {
    const sounds = this.#sounds.again();
    await this.orders.begin();
    this.orders.pushWhole(joined(this.#clean));
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
        weakest: weakestOf(order, sounds, grammar),
        frames: order.frames,
      },
    };
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

/** How alike the word that fits worst and what the loop heard meanwhile are. */
function weakestOf(order: Heard, sounds: Heard, grammar: Grammar): number {
  const heard = sounds.spans.map(({ from, to }, at) => ({
    middle: (from + to) / 2,
    sound: (sounds.tokens[at] ?? '').slice(1),
  }));
  const fits = order.tokens.map((token, at) => {
    const { from, to } = order.spans[at] ?? { from: 0, to: 0 };
    const within = heard
      .filter(({ middle }) => middle > from - EDGE_S && middle < to + EDGE_S)
      .map(({ sound }) => sound);
    const ways = grammar.words.get(token) ?? [];
    return Math.max(0, ...ways.map((way) => likeness(within, way.split(' '))));
  });
  return Math.min(1, ...fits);
}
