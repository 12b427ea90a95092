export interface Asked<T> {
  /** How long the caller waits at most, in milliseconds. */
  readonly waitMs: number;
  /** After how long without anybody who could answer the wait is over. */
  readonly patienceMs: number;
  /** Somebody who may decide is connected. */
  isAttended(): boolean;
  /** Waits for the answer, this long at most. */
  wait(ms: number): Promise<T>;
  isOpen(state: T): boolean;
}

/** How often it is looked whether anybody is there. */
const LOOKS = 4;

/**
 * Waits for an answer while somebody could give one. `abandoned` says that for `patienceMs` nobody could
 * (every window is closed): an agent that is held for ten minutes by a question nobody sees looks broken.
 * A window that reloads, or finds its way back to a host that was restarted, is back well before.
 */
export async function whileAttended<T>(asked: Asked<T>): Promise<{ state: T; abandoned: boolean }> {
  const look = asked.patienceMs / LOOKS;
  let left = asked.waitMs;
  let alone = 0;
  for (;;) {
    const ms = Math.min(left, look);
    const state = await asked.wait(ms);
    left -= ms;
    if (!asked.isOpen(state) || left <= 0) return { state, abandoned: false };
    alone = asked.isAttended() ? 0 : alone + ms;
    if (alone >= asked.patienceMs) return { state, abandoned: true };
  }
}
