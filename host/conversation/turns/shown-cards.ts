import type { Clock } from '#host/kernel/clock.ts';

interface Shown {
  windowId: string;
  /** Approval → monotonic time since when it has been on show without a break. */
  since: ReadonlyMap<string, number>;
}

/** Which cards people can read now, by what the panels say. A connection that closes shows nothing. */
export class ShownCards {
  readonly #clock: Clock;
  readonly #shown = new Map<string, Shown>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  set(connectionId: string, windowId: string, approvals: readonly string[]): void {
    const before = this.#shown.get(connectionId);
    const known = before?.windowId === windowId ? before.since : new Map<string, number>();
    const now = this.#clock.monotonic();
    this.#shown.set(connectionId, {
      windowId,
      since: new Map(approvals.map((id) => [id, known.get(id) ?? now])),
    });
  }

  forget(connectionId: string): void {
    this.#shown.delete(connectionId);
  }

  /** Milliseconds for which this card has been on show in this window; null when it is not. */
  shownFor(windowId: string, approvalId: string): number | null {
    const times = [...this.#shown.values()]
      .filter((shown) => shown.windowId === windowId)
      .flatMap(({ since }) => since.get(approvalId) ?? []);
    return times.length === 0 ? null : this.#clock.monotonic() - Math.min(...times);
  }
}
