/** Text in the pieces that the model was taught. */
export interface Tokens {
  /** What stands before the first piece, and what is said to come when the text is over. */
  readonly start: number;
  readonly end: number;
  /** How many pieces there are: the length of a row of logits. */
  readonly size: number;
  /** The pieces of a text, as if a space stood before it. What is no piece is written in bytes. */
  encode(text: string): number[];
  decode(pieces: readonly number[]): string;
}

/** A model that says how likely each next piece of text is, given a sound. */
export interface SpeechModel {
  readonly tokens: Tokens;
  /** 16 kHz samples, −1..1. */
  hear(samples: Float32Array): Promise<Hearing>;
}

/** A sound that was heard, and hypotheses of what was said in it. One call at a time. */
export interface Hearing {
  /**
   * Extends hypotheses by one piece each: row i goes on from row `parents[i]` of the call before with `pieces[i]`. With
   * parents [0] and pieces [tokens.start] it begins, also anew. Resolves to the logits of what comes next, row after row,
   * each of `tokens.size`; they are the caller's.
   */
  next(parents: readonly number[], pieces: readonly number[]): Promise<Float32Array>;
}
