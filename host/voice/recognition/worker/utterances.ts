import { SAMPLE_RATE, type GrammarReport, type SpokenPhrases } from '../../ports.ts';
import { Framer } from '../../framer.ts';
import { grammarOf, waysToWrite, writtenForm, type Grammar } from '../core/grammar.ts';
import { endsInQuiet, LEVEL_SAMPLES, levelDb, snrDb } from '../core/loudness.ts';
import { isDoubtful, isNoisy } from '../core/rejection.ts';
import type { Rescored } from '../rescoring/core/search.ts';
import { loadEngine } from './decoder.ts';
import { Denoiser } from './denoiser.ts';
import { frontEnd } from './front-end.ts';
import { Pass } from './pass.ts';
import { Recording, worthALook } from './recording.ts';
import type { LookOptions, SecondLook } from './second-look.ts';
import {
  byBothLooks,
  byOwnLooks,
  nothing,
  ownLook,
  type Outcome,
  type OwnLook,
} from './verdict.ts';

/** Nobody orders for longer; what comes later is not listened to, and the whole is not accepted. */
const LONGEST_SAMPLES = 60 * SAMPLE_RATE;
/** The recogniser's own second look takes a quarter of this time at its end. */
const LONGEST_OWN_LOOK = 6 * SAMPLE_RATE;

export interface UtteranceOptions {
  secondLook: SecondLook;
  /** Looks twice at everything, for tuning. */
  always?: boolean;
}

/** Everything that listens to one utterance at a time. */
export class Utterances {
  private grammar: Grammar | null = null;
  private levels: number[] = [];
  private leveller = this.newLeveller();
  private samples = 0;
  private readonly pass: Pass;
  private readonly denoiser: Denoiser;
  private readonly recording = new Recording();
  private readonly secondLook: SecondLook;
  private readonly always: boolean;

  private constructor(pass: Pass, denoiser: Denoiser, { secondLook, always }: UtteranceOptions) {
    this.pass = pass;
    this.denoiser = denoiser;
    this.secondLook = secondLook;
    this.always = always ?? false;
  }

  static async create(options: UtteranceOptions): Promise<Utterances> {
    const pass = await Pass.create(await loadEngine());
    return new Utterances(pass, await Denoiser.create(), options);
  }

  /** What comes in pieces of any length, as levels of pieces of one. */
  private newLeveller(): Framer {
    return new Framer(LEVEL_SAMPLES, (piece) => void this.levels.push(levelDb(piece)));
  }

  setPhrases(spoken: SpokenPhrases): GrammarReport {
    const { orders } = this.pass;
    const grammar = grammarOf(spoken, orders.lookup);
    if (grammar.graph.arcs.length > 0) orders.setGraph(grammar.graph, grammar.words);
    this.grammar = grammar.graph.arcs.length > 0 ? grammar : null;
    this.secondLook.setPhrases(grammar.sequences);
    return grammar.report;
  }

  async begin(): Promise<void> {
    this.levels = [];
    this.leveller = this.newLeveller();
    this.samples = 0;
    this.recording.begin();
    this.secondLook.start();
    if (this.grammar !== null) await this.pass.begin(frontEnd(this.denoiser));
  }

  push(frame: Float32Array): void {
    if (this.grammar === null || this.samples > LONGEST_SAMPLES) return;
    this.samples += frame.length;
    this.leveller.push(frame);
    this.recording.push(frame);
    this.pass.push(frame);
  }

  partial(): string {
    return this.grammar === null ? '' : writtenForm(this.pass.orders.partial());
  }

  async end(how: LookOptions): Promise<Outcome> {
    const snr = snrDb(this.levels);
    if (this.grammar === null) return nothing(snr);
    const outcome = await this.looked(this.grammar, snr, how);
    if (this.samples > LONGEST_SAMPLES) outcome.recognition.accepted = false;
    return outcome;
  }

  private async looked(grammar: Grammar, snr: number | null, how: LookOptions): Promise<Outcome> {
    const inQuiet = endsInQuiet(this.levels);
    const result = await this.pass.end(grammar, { inQuiet });
    const sound = { snr, narrow: this.pass.isNarrow };
    const first = ownLook(result, sound);
    const doubtful = this.always || isDoubtful(first.evidence);
    if (!doubtful && !isNoisy(first.evidence)) return byOwnLooks([first], grammar);
    const rescored = await this.rescored(first, how);
    const outcome = rescored && byBothLooks(first, rescored, grammar);
    if (outcome !== null && !this.always) return outcome;
    // Without that model: what the recogniser itself can do.
    const isEnough = !doubtful && !grammar.answers;
    if (isEnough || how.signal.aborted || this.samples > LONGEST_OWN_LOOK)
      return byOwnLooks([first], grammar);
    const second = ownLook(await this.pass.again(grammar), sound);
    const own = byOwnLooks([first, second], grammar);
    return outcome === null ? own : { ...outcome, evidence: own.evidence };
  }

  private async rescored({ tokens, text }: OwnLook, how: LookOptions): Promise<Rescored | null> {
    const known = text === '' ? null : { text, ways: waysToWrite(tokens) };
    const both = [this.recording.whole, this.pass.cleaned];
    const sounds = both.flatMap((whole) => worthALook(whole) ?? []);
    return sounds.length === 0 ? null : this.secondLook.look(sounds, known, how);
  }

  /** Stops listening and forgets it. */
  drop(): void {
    if (this.grammar !== null) this.pass.drop();
  }
}
