/** Of so many turns this window still knows that a hand opened them. */
const KNOWN_TURNS = 20;

/** The turns that a hand opened in this window, each with the signed statement of that; null: it was not signed. */
export class OpenedTurns {
  readonly #statements = new Map<string, string | null>();

  add(turnId: string, listenId: string | null): void {
    this.#statements.set(turnId, listenId);
    for (const old of [...this.#statements.keys()].slice(0, -KNOWN_TURNS))
      this.#statements.delete(old);
  }

  has(turnId: string): boolean {
    return this.#statements.has(turnId);
  }

  /**
   * Whether what was heard in a turn may be signed as an answer: a hand opened the turn here, that was signed, and it
   * is this statement that the host says it heard the answer under. Takes what comes over the wire as it is.
   */
  wasSigned(turnId: unknown, listenId: unknown): boolean {
    if (typeof turnId !== 'string' || typeof listenId !== 'string') return false;
    return this.#statements.get(turnId) === listenId;
  }
}
