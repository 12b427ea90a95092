import type { SoundLevel } from '../orb/sound-level.ts';

/** One level: milliseconds since the turn began, RMS 0..1. */
export type LevelPoint = readonly [atMs: number, rms: number];

/** Turns whose levels are kept, and levels of one turn (20 a second, so five minutes). */
const MOST_TURNS = 20;
const MOST_POINTS = 6_000;

/** What this panel saw of the level of each turn: the host keeps only its mean and peak. */
export class LevelHistory {
  readonly #now: () => number;
  readonly #turns = new Map<string, LevelPoint[]>();
  #current: { readonly points: LevelPoint[]; readonly since: number } | null = null;

  constructor(level: SoundLevel, now: () => number) {
    this.#now = now;
    level.listen((rms) => this.#keep(rms));
  }

  /** Levels that come now belong to this turn; null: to none. */
  listensTo(turnId: string | null): void {
    if (turnId === null) {
      this.#current = null;
      return;
    }
    if (this.#turns.has(turnId)) return;
    const points: LevelPoint[] = [];
    this.#turns.set(turnId, points);
    this.#current = { points, since: this.#now() };
    for (const old of [...this.#turns.keys()].slice(0, -MOST_TURNS)) this.#turns.delete(old);
  }

  of(turnId: string): readonly LevelPoint[] {
    return this.#turns.get(turnId) ?? [];
  }

  #keep(rms: number): void {
    const { points, since } = this.#current ?? {};
    if (points === undefined || since === undefined || points.length >= MOST_POINTS) return;
    points.push([this.#now() - since, rms]);
  }
}
