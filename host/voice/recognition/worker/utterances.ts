import {
  SAMPLE_RATE,
  type GrammarReport,
  type Recognition,
  type SpokenPhrases,
} from '../../ports.ts';
import { closestBySound, likeness } from '../core/closest.ts';
import { grammarOf, writtenForm, type Grammar } from '../core/grammar.ts';
import { levelDb, snrDb } from '../core/loudness.ts';
import { isAccepted, scoreOf, type Evidence } from '../core/rejection.ts';
import { Decoder, loadEngine } from './decoder.ts';
import { Denoiser } from './denoiser.ts';

const PHONES =
  'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(
    ' ',
  );
const LEVEL_SAMPLES = 320;
/** Nobody orders for longer; what comes later is not listened to, and the whole is not accepted. */
const LONGEST_SAMPLES = 60 * SAMPLE_RATE;
const BLANK = 0.25 * SAMPLE_RATE;

/** What was heard, with what led to the verdict. */
export interface Outcome {
  recognition: Omit<Recognition, 'took_ms'>;
  evidence: Evidence;
}

/** Everything that listens to one utterance at a time: noise out, orders in one pass, free sounds in the other. */
export class Utterances {
  private grammar: Grammar | null = null;
  private levels: number[] = [];
  private samples = 0;
  private readonly orders: Decoder;
  private readonly sounds: Decoder;
  private readonly denoiser: Denoiser | null;

  private constructor(orders: Decoder, sounds: Decoder, denoiser: Denoiser | null) {
    this.orders = orders;
    this.sounds = sounds;
    this.denoiser = denoiser;
  }

  static async create(denoise: boolean): Promise<Utterances> {
    const engine = await loadEngine();
    const orders = await Decoder.create(engine);
    const sounds = await Decoder.create(engine);
    const words = new Map(PHONES.map((phone) => [`@${phone}`, [phone]]));
    const arcs = PHONES.map((phone) => ({ from: 0, to: 0, word: `@${phone}` }));
    sounds.setGraph({ states: 1, final: 0, arcs }, words);
    return new Utterances(orders, sounds, denoise ? await Denoiser.create() : null);
  }

  setPhrases(spoken: SpokenPhrases): GrammarReport {
    const grammar = grammarOf(spoken, this.orders.lookup);
    if (grammar.graph.arcs.length > 0) this.orders.setGraph(grammar.graph, grammar.words);
    this.grammar = grammar.graph.arcs.length > 0 ? grammar : null;
    return grammar.report;
  }

  async begin(): Promise<void> {
    this.levels = [];
    this.samples = 0;
    this.denoiser?.reset();
    if (this.grammar === null) return;
    await this.orders.begin();
    await this.sounds.begin();
  }

  push(frame: Float32Array): void {
    if (this.grammar === null || this.samples > LONGEST_SAMPLES) return;
    this.samples += frame.length;
    for (let at = 0; at + LEVEL_SAMPLES <= frame.length; at += LEVEL_SAMPLES)
      this.levels.push(levelDb(frame.subarray(at, at + LEVEL_SAMPLES)));
    this.decode(frame);
  }

  partial(): string {
    return this.grammar === null ? '' : writtenForm(this.orders.partial());
  }

  end(): Outcome {
    const snr = snrDb(this.levels);
    if (this.grammar === null) return nothing(snr);
    // The last word ends in silence, also where the hand let go at once.
    this.decode(new Float32Array(BLANK));
    const order = this.orders.end();
    const sounds = this.sounds.end();
    if (order.tokens.length === 0) return nothing(snr);
    const heard = sounds.tokens.map((token) => token.slice(1));
    const evidence = {
      gap: (sounds.score - order.score) / Math.max(1, order.frames),
      likeness: likeness(heard, this.soundsOf(order.tokens)),
      frames: order.frames,
      snr,
    };
    const score = scoreOf(evidence);
    const text = writtenForm(order.tokens);
    return {
      recognition: {
        text,
        accepted: isAccepted(score) && this.samples <= LONGEST_SAMPLES,
        score,
        closest: this.closest(text, score, heard),
        snr_db: snr,
      },
      evidence,
    };
  }

  /** Stops listening and forgets it. */
  drop(): void {
    if (this.grammar === null) return;
    this.orders.end();
    this.sounds.end();
  }

  private decode(frame: Float32Array): void {
    const clean = this.denoiser === null ? frame : this.denoiser.push(frame);
    this.orders.push(clean);
    this.sounds.push(clean);
  }

  private soundsOf(tokens: readonly string[]): string[] {
    return tokens.flatMap((token) => (this.grammar?.words.get(token)?.[0] ?? '').split(' '));
  }

  /** The recognised phrase first; after it what sounds like it. */
  private closest(text: string, score: number, heard: string[]): Recognition['closest'] {
    const others = closestBySound(heard, this.grammar?.phrases ?? []).filter(
      (other) => other.text !== text,
    );
    return [{ text, score }, ...others].slice(0, 3);
  }
}

const nothing = (snr_db: number | null): Outcome => ({
  recognition: { text: '', accepted: false, score: 0, closest: [], snr_db },
  evidence: { gap: 0, likeness: 0, frames: 0, snr: snr_db },
});
