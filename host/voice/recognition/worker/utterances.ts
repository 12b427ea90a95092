import {
  SAMPLE_RATE,
  type GrammarReport,
  type Recognition,
  type SpokenPhrases,
} from '../../ports.ts';
import { closestBySound } from '../core/closest.ts';
import { grammarOf, writtenForm, type Grammar } from '../core/grammar.ts';
import { endsInQuiet, levelDb, snrDb } from '../core/loudness.ts';
import { agreement, isAccepted, isDoubtful, scoreOf, type Evidence } from '../core/rejection.ts';
import { loadEngine } from './decoder.ts';
import { Denoiser } from './denoiser.ts';
import { frontEnd } from './front-end.ts';
import { Pass, type PassResult } from './pass.ts';

const LEVEL_SAMPLES = 256;
/** Nobody orders for longer; what comes later is not listened to, and the whole is not accepted. */
const LONGEST_SAMPLES = 60 * SAMPLE_RATE;
/** A second look takes a quarter of this time at its end. */
const LONGEST_SECOND_LOOK = 6 * SAMPLE_RATE;

/** What was heard, with what led to the verdict. */
export interface Outcome {
  recognition: Omit<Recognition, 'took_ms'>;
  evidence: Evidence[];
}

/** Everything that listens to one utterance at a time. */
export class Utterances {
  private grammar: Grammar | null = null;
  private levels: number[] = [];
  private samples = 0;
  private readonly pass: Pass;
  private readonly denoiser: Denoiser;
  private readonly looksAgain: (first: Evidence) => boolean;

  private constructor(pass: Pass, denoiser: Denoiser, looksAgain: (first: Evidence) => boolean) {
    this.pass = pass;
    this.denoiser = denoiser;
    this.looksAgain = looksAgain;
  }

  /** `looksAgain`: which first results get a second look. */
  static async create(looksAgain = isDoubtful): Promise<Utterances> {
    const pass = await Pass.create(await loadEngine());
    return new Utterances(pass, await Denoiser.create(), looksAgain);
  }

  setPhrases(spoken: SpokenPhrases): GrammarReport {
    const { orders } = this.pass;
    const grammar = grammarOf(spoken, orders.lookup);
    if (grammar.graph.arcs.length > 0) orders.setGraph(grammar.graph, grammar.words);
    this.grammar = grammar.graph.arcs.length > 0 ? grammar : null;
    return grammar.report;
  }

  async begin(): Promise<void> {
    this.levels = [];
    this.samples = 0;
    if (this.grammar !== null) await this.pass.begin(frontEnd(this.denoiser));
  }

  push(frame: Float32Array): void {
    if (this.grammar === null || this.samples > LONGEST_SAMPLES) return;
    this.samples += frame.length;
    for (let at = 0; at + LEVEL_SAMPLES <= frame.length; at += LEVEL_SAMPLES)
      this.levels.push(levelDb(frame.subarray(at, at + LEVEL_SAMPLES)));
    this.pass.push(frame);
  }

  partial(): string {
    return this.grammar === null ? '' : writtenForm(this.pass.orders.partial());
  }

  async end(): Promise<Outcome> {
    const snr = snrDb(this.levels);
    const { grammar } = this;
    if (grammar === null) return nothing(snr);
    const inQuiet = endsInQuiet(this.levels);
    const found = [this.judged(await this.pass.end(grammar, { inQuiet }), snr)];
    if (
      this.samples <= LONGEST_SECOND_LOOK &&
      found.some(({ evidence }) => this.looksAgain(evidence))
    )
      found.push(this.judged(await this.pass.again(grammar), snr));
    const [first, second] = found;
    const agreed = agreement(first, second);
    const scored = found.map((one) => ({ ...one, score: scoreOf({ ...one.evidence, agreed }) }));
    const best = scored.reduce((better, one) => (one.score > better.score ? one : better));
    const evidence = found.map((one) => one.evidence);
    if (best.text === '') return { ...nothing(snr), evidence };
    const { text, score, heard } = best;
    const accepted = isAccepted(score) && this.samples <= LONGEST_SAMPLES;
    // Nobody is asked what was meant where that is known, and comparing with every phrase takes its time.
    const closest = accepted ? [{ text, score }] : this.closest(text, score, heard);
    return { recognition: { text, accepted, score, closest, snr_db: snr }, evidence };
  }

  /** Stops listening and forgets it. */
  drop(): void {
    if (this.grammar !== null) this.pass.drop();
  }

  private judged({ tokens, heard, finding }: PassResult, snr: number | null): Judged {
    const text = writtenForm(tokens);
    const narrow = this.pass.isNarrow;
    const words = tokens.length;
    return { text, heard, evidence: { ...finding, text, words, snr, narrow, agreed: null } };
  }

  /** The recognised phrase first; after it what sounds like it. */
  private closest(text: string, score: number, heard: string[]): Recognition['closest'] {
    const others = closestBySound(heard, this.grammar?.phrases ?? []).filter(
      (other) => other.text !== text,
    );
    return [{ text, score }, ...others].slice(0, 3);
  }
}

interface Judged {
  text: string;
  heard: string[];
  evidence: Evidence;
}

const nothing = (snr_db: number | null): Outcome => ({
  recognition: { text: '', accepted: false, score: 0, closest: [], snr_db },
  evidence: [],
});
