/* What core/ shares with the ports: data only, so that it runs anywhere. */

/** Why a microphone gives nothing (any more). Each has its own words for people. */
export type MicFailure =
  | 'no_device'
  | 'device_lost'
  | 'permission_denied'
  | 'device_busy'
  | 'not_supported'
  | 'failed';

/** What may be said in this moment. */
export interface SpokenPhrases {
  /** Phrases of the intent table, with slots expanded by the builder; the workspace's tasks, commands, agents. */
  phrases: readonly string[];
  /** Words that answer a question (yes, no …); only while one is asked. */
  answers: boolean;
}

export interface GrammarReport {
  phrases: number;
  /** Phrases left out, and the word that nobody can pronounce. */
  left_out: { phrase: string; word: string }[];
}
