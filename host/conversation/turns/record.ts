import type { JsonObject } from '#schema/envelope/json.ts';
import type { TurnMoment, TurnView } from '#schema/views/turn.ts';
import { isoTime, type Clock } from '#host/kernel/clock.ts';
import { LevelHistory } from './core/level-history.ts';

/** Turns remembered, and moments of each: enough to see what went wrong, and never a growing host. */
const TURNS = 50;
const MOMENTS = 400;

/** One turn as it goes, for the debug view. */
export class TurnRecord {
  readonly view: TurnView;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #levels = new LevelHistory();
  #sum = 0;

  constructor(clock: Clock, view: Omit<TurnView, 'moments' | 'started_at'>) {
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.view = { ...view, started_at: isoTime(clock.now()), moments: [] };
  }

  moment(kind: TurnMoment['kind'], text: string, data: JsonObject = {}): void {
    const { moments } = this.view;
    if (moments.length >= MOMENTS) return;
    const at_ms = Math.round(this.#passed() * 10) / 10;
    moments.push({ at_ms, kind, text, data });
  }

  /** RMS 0..1 of the newest frame. */
  level(level: number): void {
    const frames = (this.view.level?.frames ?? 0) + 1;
    this.#sum += level;
    const peak = Math.max(this.view.level?.peak ?? 0, level);
    this.#levels.add(this.#passed(), Math.round(level * 10_000) / 10_000);
    this.view.level = { mean: this.#sum / frames, peak, frames, points: this.#levels.points };
  }

  ended(reason: string): void {
    this.view.state = 'ended';
    this.view.ended_reason = reason;
    this.view.ended_at = isoTime(this.#clock.now());
    this.moment('state', reason, { state: 'ended' });
  }

  #passed(): number {
    return this.#clock.monotonic() - this.#startedAt;
  }
}

/** The last turns, oldest first. */
export class TurnRecords {
  readonly #records = new Map<string, TurnRecord>();

  add(record: TurnRecord): void {
    this.#records.set(record.view.turn_id, record);
    const oldest = this.#records.size > TURNS ? this.#records.keys().next().value : undefined;
    if (oldest !== undefined) this.#records.delete(oldest);
  }

  get(turnId: string): TurnRecord | null {
    return this.#records.get(turnId) ?? null;
  }

  /** Newest first. */
  newest(limit: number): TurnView[] {
    return [...this.#records.values()]
      .slice(-limit)
      .map(({ view }) => view)
      .toReversed();
  }
}
