import type {
  Hearing,
  SpeechModel,
  Tokens,
} from '#host/voice/recognition/rescoring/speech-model.ts';

/** Words, digits and marks are its pieces; a space before a word belongs to it. */
export class FakeTokens implements Tokens {
  readonly start = 0;
  readonly end = 1;
  readonly size = 200;
  readonly #pieces = ['<start>', '<end>'];

  encode(text: string): number[] {
    return (` ${text}`.match(/ ?[\p{L}']+| |\d|[^\p{L}\d ]/gu) ?? []).map((piece) => {
      const known = this.#pieces.indexOf(piece);
      return known >= 0 ? known : this.#pieces.push(piece) - 1;
    });
  }

  decode(pieces: readonly number[]): string {
    return pieces
      .map((piece) => this.#pieces[piece] ?? '')
      .join('')
      .trimStart();
  }
}

/** How likely each piece is after a text: `{ 'Open': { ' settings': 0.9 } }`. What is not named is next to impossible. */
export type Said = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A model whose every figure the test wrote down. Sounds without a single sample that is not 0 are the noise. */
export class FakeSpeechModel implements SpeechModel {
  readonly tokens = new FakeTokens();
  /** Rows of each call. */
  readonly calls: number[] = [];
  readonly #sound: Said;
  readonly #noise: Said;

  constructor(sound: Said, noise: Said = {}) {
    this.#sound = sound;
    this.#noise = noise;
  }

  async hear(samples: Float32Array): Promise<Hearing> {
    return this.hearing(samples.some((sample) => sample !== 0) ? this.#sound : this.#noise);
  }

  hearing(said: Said): Hearing {
    let texts: number[][] = [[]];
    return {
      next: async (parents, pieces) => {
        this.calls.push(pieces.length);
        const begins = pieces[0] === this.tokens.start;
        texts = pieces.map((piece, row) =>
          begins ? [] : [...(texts[parents[row] ?? 0] ?? []), piece],
        );
        const rows = texts.map((text) => this.#logits(said[this.tokens.decode(text)] ?? {}));
        return Float32Array.from(rows.flat());
      },
    };
  }

  #logits(likely: Readonly<Record<string, number>>): number[] {
    const logits = Array.from({ length: this.tokens.size }, () => -20);
    for (const [text, chance] of Object.entries(likely)) {
      const piece = text === '' ? this.tokens.end : this.tokens.encode(`-${text}`).at(-1);
      logits[piece ?? 0] = Math.log(chance);
    }
    return logits;
  }
}
