export interface WakeUpOptions {
  now(): number;
  /** Calls once after so many ms; the returned function keeps it from that. */
  timer(ms: number, run: () => void): () => void;
}

/** Later than this, the process stood still, and so did everything that was sent to it. */
const LATE_MS = 50;
/** Time to hear what came meanwhile: after a pause timers go before what waits in a socket. */
const GRACE_MS = 150;

/** Wakes at a moment, unless something is heard before; a process that stood still listens first. */
export class WakeUp {
  readonly #o: WakeUpOptions;
  #cancel: () => void = () => undefined;

  constructor(options: WakeUpOptions) {
    this.#o = options;
  }

  /** Replaces what was set before; null sets nothing. */
  at(due: number | null, run: () => void): void {
    this.#cancel();
    this.#cancel = () => undefined;
    if (due === null) return;
    const { now, timer } = this.#o;
    this.#cancel = timer(Math.max(0, due - now()), () => {
      if (now() - due <= LATE_MS) return run();
      this.#cancel = timer(GRACE_MS, run);
    });
  }
}
