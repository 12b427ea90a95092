import { SAMPLE_RATE } from '../../ports.ts';
import { likeness } from '../core/closest.ts';
import type { Grammar } from '../core/grammar.ts';
import type { Finding } from '../core/rejection.ts';
import { Decoder, type EngineModule } from './decoder.ts';
import type { FrontEnd } from './front-end.ts';

const PHONES =
  'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(
    ' ',
  );
/** Gets out what the front end still holds. */
const FLUSH = 0.05 * SAMPLE_RATE;
/** The last word ends in silence, also where the hand let go at once. The loop of sounds needs no end. */
const BLANK = 0.05 * SAMPLE_RATE;

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

  async begin(frontEnd: FrontEnd): Promise<void> {
    this.#frontEnd = frontEnd;
    await this.orders.begin();
    await this.#sounds.begin();
  }

  push(frame: Float32Array): void {
    const clean = this.#clean(frame);
    this.orders.push(clean);
    this.#sounds.push(clean);
  }

  /** All of an utterance at once, after `begin`. */
  pushWhole(frames: readonly Float32Array[]): void {
    const clean = [...frames, new Float32Array(FLUSH + BLANK)].map((frame) => this.#clean(frame));
    const whole = joined(clean);
    this.orders.pushWhole(whole);
    this.#sounds.pushWhole(whole);
  }

  /** The end of what was pushed frame by frame. */
  end(grammar: Grammar): PassResult {
    const last = this.#clean(new Float32Array(FLUSH));
    this.orders.push(last);
    this.#sounds.push(last);
    this.orders.push(this.#clean(new Float32Array(BLANK)));
    return this.result(grammar);
  }

  result(grammar: Grammar): PassResult {
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
        frames: order.frames,
      },
    };
  }

  #clean(frame: Float32Array): Float32Array {
    return this.#frontEnd?.push(frame) ?? frame;
  }

  /** Stops and forgets. */
  drop(): void {
    this.orders.end();
    this.#sounds.end();
  }
}
