import { SAMPLE_RATE } from '../../ports.ts';
import { likeness } from '../core/closest.ts';
import type { Grammar } from '../core/grammar.ts';
import type { Finding } from '../core/rejection.ts';
import { Decoder, type EngineModule, type Heard } from './decoder.ts';
import type { FrontEnd } from './front-end.ts';

const PHONES =
  'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(
    ' ',
  );
/** Gets out what the front end still holds: it is 35 ms late. */
const FLUSH = 0.036 * SAMPLE_RATE;
/** The last word ends in silence, also where the hand let go at once. The loop of sounds needs no end. */
const BLANK = 0.05 * SAMPLE_RATE;
/** Sounds at the edge of a word may be heard this much beside it, in seconds. */
const EDGE_S = 0.03;
/** Speech has more than this above 4 kHz (−36 to −10 dB in what is at hand); over a telephone it has −49 dB and less. */
const NARROW_DB = -43;

function joined(pieces: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** What one pass made of an utterance. */
export interface PassResult {
  /** Words of the graph; none where nothing was heard. */
  tokens: string[];
  /** The sounds that the free loop heard. */
  heard: string[];
  finding: Finding;
}

/** Two decoders over the same sound: one knows the orders, the other every sequence of sounds. */
export class Pass {
  readonly orders: Decoder;
  readonly #sounds: Decoder;
  #frontEnd: FrontEnd | null = null;
  /** What the front end made of the utterance so far. */
  #clean: Float32Array[] = [];

  private constructor(orders: Decoder, sounds: Decoder) {
    this.orders = orders;
    this.#sounds = sounds;
  }

  static async create(engine: EngineModule): Promise<Pass> {
    const orders = await Decoder.create(engine);
    const sounds = await Decoder.create(engine);
    const words = new Map(PHONES.map((phone) => [`@${phone}`, [phone]]));
    const arcs = PHONES.map((phone) => ({ from: 0, to: 0, word: `@${phone}` }));
    sounds.setGraph({ states: 1, final: 0, arcs }, words);
    return new Pass(orders, sounds);
  }

  async begin(front: FrontEnd): Promise<void> {
    this.#frontEnd = front;
    this.#clean = [];
    await this.orders.begin();
    await this.#sounds.begin();
  }

  push(frame: Float32Array): void {
    const clean = this.#cleaned(frame);
    this.orders.push(clean);
    this.#sounds.push(clean);
  }

  /** The end of what was pushed. */
  end(grammar: Grammar): PassResult {
    this.push(new Float32Array(FLUSH));
    this.orders.push(this.#cleaned(new Float32Array(BLANK)));
    return this.#result(grammar);
  }

  /** The same utterance once more, as a whole: its own mean is subtracted from it. */
  async again(grammar: Grammar): Promise<PassResult> {
    const whole = joined(this.#clean);
    await this.orders.begin();
    await this.#sounds.begin();
    this.orders.pushWhole(whole);
    this.#sounds.pushWhole(whole);
    return this.#result(grammar);
  }

  #cleaned(frame: Float32Array): Float32Array {
    const clean = this.#frontEnd?.push(frame) ?? frame;
    this.#clean.push(clean);
    return clean;
  }

  #result(grammar: Grammar): PassResult {
    const order = this.orders.end();
    const sounds = this.#sounds.end();
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
    this.orders.end();
    this.#sounds.end();
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
