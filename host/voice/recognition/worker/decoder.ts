/* oxlint-disable no-underscore-dangle -- the names of a WebAssembly module's functions */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dictionary } from '../core/pronounce.ts';
import { NUMBER_PREFIX, type WordGraph } from '../core/word-graph.ts';
import { folderOf, loadWasm, packageEntry } from './load-wasm.ts';

/** The part of soundswallower's module that is used here. Its typings want a browser's. */
export interface EngineModule {
  HEAP32: Int32Array;
  HEAPU8: Uint8Array;
  Decoder: new (config: Record<string, string | number | boolean>) => EngineDecoder;
  _malloc(bytes: number): number;
  _free(address: number): void;
  _decoder_add_word(decoder: number, word: number, sounds: number, update: number): number;
  _decoder_hyp(decoder: number, score: number): number;
  _decoder_logmath(decoder: number): number;
  _decoder_set_fsg(decoder: number, fsg: number): number;
  _fsg_model_init(name: number, logmath: number, weight: number, states: number): number;
  _fsg_model_word_add(fsg: number, word: number): number;
  _fsg_model_trans_add(fsg: number, from: number, to: number, logp: number, word: number): void;
  _fsg_set_states(fsg: number, start: number, final: number): void;
}

interface EngineDecoder {
  cdecoder: number;
  initialize(): Promise<void>;
  reinitialize_audio(): Promise<void>;
  start(): void;
  stop(): void;
  process_audio(pcm: Float32Array, noSearch: boolean, fullUtterance: boolean): number;
  get_text(): string;
  get_alignment(): { w?: { t: string; b: number; d: number; p: number }[] };
  get_config(key: string): string | number;
  lookup_word(word: string): string | null;
}

export interface Heard {
  /** Words of the graph, without silence. */
  tokens: string[];
  /** When each of them was said. */
  spans: Span[];
  /** Log-likelihood of the whole path, in the engine's unit. */
  score: number;
  /** Frames of 10 ms that belong to words. */
  frames: number;
}

export interface Span {
  /** In seconds. */
  from: number;
  to: number;
  /** Log-likelihood against the best sound of each moment, in the engine's unit. */
  score: number;
}

export const FRAMES_PER_SECOND = 100;
/** The engine's logarithms have this base; of the words' it shows the powers, rounded to thousandths. */
const LOG_BASE = Math.log(1.0001);
const LEAST = 0.0005;
/**
 * What is subtracted from the cepstra of an utterance of which the end is not known: their mean over the clips of
 * the tuning set, clean and in noise, behind the front end; the first, loudness, is that of louder ones.
 */
const USUAL_MEAN = '41,2.3,5.4,8.7,-0.4,0.3,-0.3,-6,-2.1,-1.2,5.2,1.6,2.8';
/** Marks words that are added here, so that they never meet one of the dictionary. */
const OWN = '~';

const engineEntry = (): string => packageEntry('soundswallower');
/** The package's own acoustic model is for telephones (8 kHz); of its folder only the dictionary is used. */
const dictionary = (name: string): string => join(folderOf(engineEntry()), 'model/en-us', name);
/** From the sources, and from the bundle in dist/. */
const acousticModel = (): string =>
  fileURLToPath(
    new URL(
      import.meta.url.endsWith('.ts') ? '../../model/en-us' : '../host/voice/model/en-us',
      import.meta.url,
    ),
  );

/** The engine, loaded once; decoders share it. */
export function loadEngine(): Promise<EngineModule> {
  return loadWasm<EngineModule>(engineEntry(), (create) => create());
}

/** One decoder with its own grammar. Everything but `create` and `reset` is synchronous. */
export class Decoder {
  private readonly names = new Map<string, string>();
  private readonly engine: EngineModule;
  private readonly decoder: EngineDecoder;

  private constructor(engine: EngineModule, decoder: EngineDecoder) {
    this.engine = engine;
    this.decoder = decoder;
  }

  /** `knows`: the words of the dictionary, or none; a loop of sounds needs none. */
  static async create(engine: EngineModule, knows: 'words' | 'sounds'): Promise<Decoder> {
    const decoder = new engine.Decoder({
      loglevel: 'FATAL',
      hmm: acousticModel(),
      ...(knows === 'words' ? { dict: dictionary('dict.txt') } : {}),
      fdict: dictionary('noisedict.txt'),
      // The default is 44,100, and then nothing but noise is heard.
      samprate: 16_000,
      // Scores are relative to the best sound of the frame: only over all sounds can two decoders be compared.
      compallsen: true,
      bestpath: false,
      // Noise before, between and after words is silence or a filler; by default both are next to forbidden
      // and it is heard as words.
      silprob: 0.5,
      fillprob: 0.1,
      // In noise the right words are behind for a while; the defaults (1e-48, 1e-48, 7e-29) forget them then.
      beam: 1e-80,
      pbeam: 1e-80,
      wbeam: 1e-60,
      cmninit: USUAL_MEAN,
    });
    await decoder.initialize();
    return new Decoder(engine, decoder);
  }

  readonly lookup: Dictionary = (word) => this.decoder.lookup_word(word);

  /** Swaps the grammar. Not while an utterance is open. Throws when the engine does not take it. */
  setGraph(graph: WordGraph, words: ReadonlyMap<string, readonly string[]>): void {
    for (const [token, ways] of words) this.define(token, ways);
    const { engine } = this;
    const fsg = this.text('orders', (name) =>
      engine._fsg_model_init(
        name,
        engine._decoder_logmath(this.decoder.cdecoder),
        Number(this.decoder.get_config('lw')),
        graph.states,
      ),
    );
    const ids = new Map<string, number>();
    for (const { from, to, word } of graph.arcs) {
      const name = this.names.get(word) ?? word;
      const id = ids.get(name) ?? this.text(name, (at) => engine._fsg_model_word_add(fsg, at));
      ids.set(name, id);
      engine._fsg_model_trans_add(fsg, from, to, 0, id);
    }
    engine._fsg_set_states(fsg, 0, graph.final);
    if (engine._decoder_set_fsg(this.decoder.cdecoder, fsg) < 0)
      throw new Error('the recogniser does not take the grammar');
  }

  /** A new utterance, deaf to what the last one sounded like. */
  async begin(): Promise<void> {
    await this.decoder.reinitialize_audio();
    this.decoder.start();
  }

  push(samples: Float32Array): void {
    if (samples.length > 0) this.decoder.process_audio(samples, false, false);
  }

  /** The whole utterance, whose own mean is subtracted: heard better, and only after its end. */
  pushWhole(samples: Float32Array): void {
    if (samples.length > 0) this.decoder.process_audio(samples, false, true);
  }

  /** Words so far. */
  partial(): string[] {
    return this.decoder.get_text().split(' ').map(tokenOf).filter(isWord);
  }

  end(): Heard {
    this.decoder.stop();
    const segments = this.decoder.get_alignment().w ?? [];
    const spoken = segments.filter(({ t }) => isWord(tokenOf(t)));
    return {
      tokens: spoken.map(({ t }) => tokenOf(t)),
      spans: spoken.map(({ b, d, p }) => ({ from: b, to: b + d, score: scoreOf(p) })),
      score: this.score(),
      frames: Math.round(spoken.reduce((sum, { d }) => sum + d, 0) * FRAMES_PER_SECOND),
    };
  }

  private score(): number {
    const at = this.engine._malloc(4);
    this.engine._decoder_hyp(this.decoder.cdecoder, at);
    const score = this.engine.HEAP32[at >> 2] ?? 0;
    this.engine._free(at);
    return score;
  }

  private define(token: string, ways: readonly string[]): void {
    if (this.names.has(token)) return;
    const own = token.startsWith(NUMBER_PREFIX);
    if (!own && ways.length === 1 && this.lookup(token) === ways[0]) {
      this.names.set(token, token);
      return;
    }
    const all = own ? [...ways, ...this.others(token.slice(NUMBER_PREFIX.length))] : ways;
    for (const [at, sounds] of all.entries())
      this.addWord(`${OWN}${token}${at === 0 ? '' : `(${at + 1})`}`, sounds);
    this.names.set(token, OWN + token);
  }

  /** Further ways of the dictionary to say a word: `twenty(2)`. */
  private others(word: string): string[] {
    const found: string[] = [];
    for (let at = 2; at < 6; at++) {
      const sounds = this.lookup(`${word}(${at})`);
      if (sounds !== null) found.push(sounds);
    }
    return found;
  }

  private addWord(word: string, sounds: string): void {
    const id = this.text(word, (at) =>
      this.text(sounds, (how) => this.engine._decoder_add_word(this.decoder.cdecoder, at, how, 0)),
    );
    if (id < 0) throw new Error(`the recogniser does not take "${word}" as "${sounds}"`);
  }

  private text<T>(value: string, use: (address: number) => T): T {
    const bytes = new TextEncoder().encode(`${value}\0`);
    const address = this.engine._malloc(bytes.length);
    this.engine.HEAPU8.set(bytes, address);
    try {
      return use(address);
    } finally {
      this.engine._free(address);
    }
  }
}

const tokenOf = (word: string): string => {
  const base = word.replace(/\(\d+\)$/, '');
  return base.startsWith(OWN) ? base.slice(OWN.length) : base;
};

const scoreOf = (power: number): number => Math.log(Math.max(LEAST, power)) / LOG_BASE;

const isWord = (token: string): boolean => token !== '' && !/^[<([+]/.test(token);
