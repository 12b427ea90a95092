export type LevelOf = 'microphone' | 'speaker';
/** A level as it came: RMS 0..1. */
export type LevelListener = (rms: number, of: LevelOf) => void;

/**
 * How loud it is now. Levels come up to 20 times a second and are forgotten at once, so they go straight to
 * what shows them and never through the panel's state.
 */
export class SoundLevel {
  readonly #listeners = new Set<LevelListener>();

  set(rms: number, of: LevelOf): void {
    for (const listener of this.#listeners) listener(rms, of);
  }

  /** Returns what ends it. */
  listen(listener: LevelListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
