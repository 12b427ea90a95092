/* What core/ shares with the ports: data only, so that it runs anywhere. */

/** Why a microphone gives nothing (any more). Each has its own words for people. */
export type MicFailure =
  | 'no_device'
  | 'device_lost'
  | 'permission_denied'
  | 'device_busy'
  | 'not_supported'
  | 'failed';

/** Phrases that mean the same, a number that is said in them apart: nobody asks which of them it was. */
export type Meaning = readonly string[];

/** What may be said in this moment. */
export interface SpokenPhrases {
  /** Those of the intent table, with their slots filled; the editor's commands, what an agent asks, answers. */
  meanings: readonly Meaning[];
  /** A question waits, and some of them answer it. */
  answers: boolean;
}

export interface GrammarReport {
  phrases: number;
  /** Phrases left out, and the word that nobody can pronounce. */
  left_out: { phrase: string; word: string }[];
}
