/** One level: ms since the turn began, RMS 0..1. */
export type LevelPoint = [atMs: number, level: number];

/** Enough for a picture; a longer turn keeps the louder of two neighbours, again and again. */
const MOST_POINTS = 240;

/** How loud it was in the course of one turn, in a bounded number of points. */
export class LevelHistory {
  readonly points: LevelPoint[] = [];
  /** Levels that one point stands for. */
  #stride = 1;
  #inLast = 0;

  add(atMs: number, level: number): void {
    const last = this.points.at(-1);
    if (last !== undefined && this.#inLast < this.#stride) {
      last[1] = Math.max(last[1], level);
      this.#inLast += 1;
      return;
    }
    if (this.points.length === MOST_POINTS) this.#halve();
    this.points.push([Math.round(atMs), level]);
    this.#inLast = 1;
  }

  #halve(): void {
    const halves = this.points.flatMap((point, at): LevelPoint[] => {
      if (at % 2 === 1) return [];
      return [[point[0], Math.max(point[1], this.points[at + 1]?.[1] ?? 0)]];
    });
    this.points.splice(0, this.points.length, ...halves);
    this.#stride *= 2;
  }
}
