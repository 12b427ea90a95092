import type { ActedBy } from '../views/context.ts';
import { initialGuard, judge, observe, type Verdict } from './act-guard.ts';
import type { LayoutWatch } from './layout-watch.ts';

/** Feeds the guard with what happens on the page, and asks it. */
export class GuardKeeper {
  readonly #watch: LayoutWatch;
  readonly #now: () => number;
  #guard = initialGuard;

  constructor(watch: LayoutWatch, now: () => number) {
    this.#watch = watch;
    this.#now = now;
  }

  /** What the editor said of its window; null while it has said nothing. */
  get windowFocused(): boolean | null {
    return this.#guard.windowFocused;
  }

  windowIs(focused: boolean): void {
    this.#guard = observe(this.#guard, { kind: 'window', focused, at: this.#now() });
  }

  panelFocused(): void {
    this.#guard = observe(this.#guard, { kind: 'panel_focused', at: this.#now() });
  }

  /** Notes what came, went and moved since the last look; the person's own scrolling moves nothing. */
  look(isScroll: boolean): void {
    const { shown, moved, selected } = this.#watch.look();
    this.#guard = observe(this.#guard, { kind: 'shown', ids: shown, selected, at: this.#now() });
    if (!isScroll && moved.length > 0) this.#moved(moved);
  }

  /** Whether an act on this control counts now. A key first brings what it is about into view. */
  judge(control: string, by: ActedBy): Verdict {
    if (by === 'key' && !this.#watch.bringIntoView(control)) this.#moved([control]);
    return judge(this.#guard, control, by, this.#now());
  }

  #moved(ids: readonly string[]): void {
    this.#guard = observe(this.#guard, { kind: 'moved', ids, at: this.#now() });
  }
}
