import type { Tokens } from './speech-model.ts';

/** Stands for a space in the pieces. */
const SPACE = '▁';
const FIRST = 3;
const BYTE = /^<0x([0-9A-F]{2})>$/;
const utf8 = new TextEncoder();

/** The pieces of a model; the earlier one stands in the list, the sooner two parts are joined to it. */
export class PieceTable implements Tokens {
  readonly start = 1;
  readonly end = 2;
  readonly size: number;
  private readonly pieces: readonly string[];
  private readonly ranks: ReadonlyMap<string, number>;
  private readonly bytes: readonly (number | null)[];
  /** No piece goes over a space inside of it, so that words can be kept one by one. */
  private readonly words = new Map<string, readonly number[]>();

  constructor(pieces: readonly string[]) {
    this.pieces = pieces;
    this.size = pieces.length;
    this.ranks = new Map(pieces.map((piece, rank) => [piece, rank]));
    this.bytes = pieces.map((piece) => {
      const [, digits] = BYTE.exec(piece) ?? [];
      return digits === undefined ? null : Number.parseInt(digits, 16);
    });
  }

  encode(text: string): number[] {
    return text.split(' ').flatMap((word) => this.word(word));
  }

  decode(pieces: readonly number[]): string {
    const bytes = pieces.flatMap((piece) => {
      if (piece < FIRST) return [];
      const byte = this.bytes[piece] ?? null;
      return byte === null ? [...utf8.encode(this.pieces[piece] ?? '')] : [byte];
    });
    const text = new TextDecoder().decode(Uint8Array.from(bytes)).replaceAll(SPACE, ' ');
    return text.startsWith(' ') ? text.slice(1) : text;
  }

  private word(word: string): readonly number[] {
    const known = this.words.get(word);
    if (known !== undefined) return known;
    const pieces = this.joined(Array.from(SPACE + word)).flatMap((part) => this.idsOf(part));
    this.words.set(word, pieces);
    return pieces;
  }

  /** Joins neighbours as long as two of them make a piece; the one of the lowest rank first. */
  private joined(characters: readonly string[]): readonly string[] {
    const parts = [...characters];
    for (;;) {
      let best = Infinity;
      let at = -1;
      for (let index = 0; index + 1 < parts.length; index++) {
        const rank = this.ranks.get(`${parts[index]}${parts[index + 1]}`) ?? Infinity;
        if (rank < best) [best, at] = [rank, index];
      }
      if (at === -1) return parts;
      parts.splice(at, 2, `${parts[at]}${parts[at + 1]}`);
    }
  }

  /** A character that is no piece is written in bytes. */
  private idsOf(part: string): number[] {
    const rank = this.ranks.get(part);
    if (rank !== undefined) return [rank];
    return [...utf8.encode(part)].map((byte) => this.bytes.indexOf(byte));
  }
}
