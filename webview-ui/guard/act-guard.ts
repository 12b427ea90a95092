/*
 * Keeps a key or a click from deciding something that the person has not seen. Pure: times come in
 * as epoch milliseconds of one clock.
 */

/** Neither a key nor a click counts for this long after something changed under it. */
export const SETTLE_MS = 500;

/** What was observed so far. */
export interface GuardState {
  /** When each control came on show; the second step of a card is a control of its own. */
  readonly arrivedAt: ReadonlyMap<string, number>;
  /** When each control was last moved or resized by something else than the person's scrolling. */
  readonly movedAt: ReadonlyMap<string, number>;
  /** What the editor said about its window; null while it has said nothing. */
  readonly windowFocused: boolean | null;
  readonly windowFocusedAt: number;
  /** When the focus came into the panel: keys typed before were meant for something else. */
  readonly panelFocusedAt: number;
  /** The control that keys act on. */
  readonly selected: string | null;
  /** When keys came to act on it because the one before it had gone: nobody chose it. */
  readonly passedOnAt: number;
}

export type Observation =
  /** `ids` are all controls on show now; those that were not there before arrive. `selected`: what keys act on. */
  | {
      readonly kind: 'shown';
      readonly ids: readonly string[];
      readonly selected: string | null;
      readonly at: number;
    }
  | { readonly kind: 'moved'; readonly ids: readonly string[]; readonly at: number }
  | { readonly kind: 'window'; readonly focused: boolean; readonly at: number }
  | { readonly kind: 'panel_focused'; readonly at: number };

export const initialGuard: GuardState = {
  arrivedAt: new Map(),
  movedAt: new Map(),
  windowFocused: null,
  windowFocusedAt: -Infinity,
  panelFocusedAt: -Infinity,
  selected: null,
  passedOnAt: -Infinity,
};

/** The guard after one more observation. */
export function observe(guard: GuardState, seen: Observation): GuardState {
  switch (seen.kind) {
    case 'shown': {
      const at = (id: string): number => guard.arrivedAt.get(id) ?? seen.at;
      const arrivedAt = new Map(seen.ids.map((id) => [id, at(id)]));
      const movedAt = new Map([...guard.movedAt].filter(([id]) => arrivedAt.has(id)));
      const { selected } = seen;
      const isPassedOn = guard.selected !== null && !arrivedAt.has(guard.selected);
      const passedOnAt = isPassedOn ? seen.at : guard.passedOnAt;
      return { ...guard, arrivedAt, movedAt, selected, passedOnAt };
    }
    case 'moved': {
      const moved = seen.ids.map((id) => [id, seen.at] as const);
      return { ...guard, movedAt: new Map([...guard.movedAt, ...moved]) };
    }
    case 'window':
      return {
        ...guard,
        windowFocused: seen.focused,
        // The first report is not a change.
        windowFocusedAt:
          seen.focused && guard.windowFocused === false ? seen.at : guard.windowFocusedAt,
      };
    case 'panel_focused':
      return { ...guard, panelFocusedAt: seen.at };
  }
}

export type Blocked = 'unseen' | 'arrived' | 'moved' | 'refocused' | 'passed_on';
/** `null`: it counts. */
export type Verdict = Blocked | null;

/**
 * Whether an act on a control counts now. A click on the panel moves the focus into it, which is no
 * reason to ignore the click; only a click that raised the whole window is. While the editor has not
 * said whether its window has the focus, the panel's own focus stands in for it.
 */
export function judge(guard: GuardState, id: string, by: 'key' | 'pointer', now: number): Verdict {
  const arrived = guard.arrivedAt.get(id);
  if (arrived === undefined) return 'unseen';
  if (now - arrived < SETTLE_MS) return 'arrived';
  if (now - (guard.movedAt.get(id) ?? -Infinity) < SETTLE_MS) return 'moved';
  if (guard.windowFocused === false) return 'refocused';
  if (now - guard.windowFocusedAt < SETTLE_MS) return 'refocused';
  if (by === 'key' && now - guard.passedOnAt < SETTLE_MS) return 'passed_on';
  const asksPanel = by === 'key' || guard.windowFocused === null;
  return asksPanel && now - guard.panelFocusedAt < SETTLE_MS ? 'refocused' : null;
}

/** What a person reads when their key or click did not count. */
export const blockedWords: Readonly<Record<Blocked, string>> = {
  unseen: 'That question is not on show any more, so this did not count.',
  arrived: 'This had only just appeared, so that did not count. Look, then answer again.',
  moved: 'Something moved under your pointer, so that did not count. Look, then answer again.',
  passed_on:
    'The question before had only just gone, so that did not count. Look, then answer again.',
  refocused: 'You had only just come back, so that did not count. Look, then answer again.',
};
