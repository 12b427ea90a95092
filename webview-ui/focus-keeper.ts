import { SETTLE_MS } from './guard/act-guard.ts';

/** Where the focus was, as far as it must go on near there. */
type Place =
  | { readonly region: 'main'; readonly card: string | null }
  /** `rows`: of the list that it stands in, in the order in which they come into question. */
  | { readonly region: 'tab'; readonly rows: readonly HTMLElement[] };

/**
 * The one who moves the focus. Gives it a place when the control that had it is gone or off: an answered card, a question taken
 * back, a permission revoked. Without it the keyboard would be at the page's body and a screen reader at its
 * beginning. Whatever else has the focus keeps it. A key that comes at once after a move was meant for where
 * the focus was.
 */
export class FocusKeeper {
  readonly #root: HTMLElement;
  readonly #now: () => number;
  #last: { readonly control: HTMLElement; readonly place: Place } | null = null;
  #movedTo: HTMLElement | null = null;
  #movedAt = -Infinity;

  constructor(root: HTMLElement, now: () => number) {
    this.#root = root;
    this.#now = now;
    root.addEventListener('focusin', ({ target }) => this.#cameTo(target));
    // A click beside everything takes the focus away on purpose.
    root.addEventListener('pointerdown', () => (this.#last = null), { capture: true });
  }

  /** To the first of these that is there. */
  to(selector: string): void {
    const place = this.#root.querySelector<HTMLElement>(selector);
    place?.focus();
    this.#moved(place);
  }

  /** The second press of a key that was pressed twice has found the focus at another control than the first. */
  isJustMovedTo(target: EventTarget | null): boolean {
    return target === this.#movedTo && this.#now() - this.#movedAt < SETTLE_MS;
  }

  /** Keys answer the selected card wherever the focus is: who uses them goes on at that card. */
  toSelected(): void {
    const { activeElement } = document;
    const isAtCards = activeElement?.closest('.cards') !== null || activeElement === document.body;
    if (isAtCards && activeElement?.closest(SELECTED) === null) this.#focus([SELECTED]);
  }

  /** After each drawing. */
  look(): void {
    const last = this.#last;
    if (last === null || isUsable(last.control) || !document.hasFocus()) return;
    const { activeElement } = document;
    if (activeElement === document.body || activeElement === last.control)
      this.#focus(placesAfter(last.place), rowAfter(last.place));
  }

  #cameTo(target: EventTarget | null): void {
    const place = target instanceof HTMLElement ? placeOf(target) : null;
    this.#last = place === null ? null : { control: target as HTMLElement, place };
  }

  /** At the row, else at the first of these that is there. */
  #focus(selectors: readonly string[], row: HTMLElement | null = null): void {
    const [place] = [
      ...(row === null ? [] : [row]),
      ...selectors.flatMap((selector) => [...this.#root.querySelectorAll<HTMLElement>(selector)]),
    ];
    place?.focus({ preventScroll: true });
    place?.scrollIntoView({ block: 'nearest' });
    this.#moved(place ?? null);
  }

  #moved(place: HTMLElement | null): void {
    if (place === null || document.activeElement !== place) return;
    this.#movedTo = place;
    this.#movedAt = this.#now();
  }
}

const SELECTED = 'article.is-selected';

const isUsable = (element: HTMLElement): boolean =>
  element.isConnected && !element.matches(':disabled, [disabled]');

function placeOf(control: HTMLElement): Place | null {
  // Lines of the timeline leave the document when they are scrolled out of sight.
  if (control.closest('.timeline-scroll') !== null) return null;
  if (control.closest('.tab-panel') !== null) return { region: 'tab', rows: rowsAround(control) };
  if (control.closest('.main') === null) return null;
  const card = control.closest<HTMLElement>('[data-approval], [data-inquiry]')?.dataset;
  return { region: 'main', card: card?.['approval'] ?? card?.['inquiry'] ?? null };
}

/** Its own row, those after it, those before it. Lists are keyed, so a row is the same element all its life. */
function rowsAround(control: HTMLElement): HTMLElement[] {
  const own = control.closest<HTMLElement>('.list > .item');
  if (own === null) return [];
  const rows = [...(own.parentElement?.querySelectorAll<HTMLElement>(':scope > .item') ?? [])];
  const at = rows.indexOf(own);
  return [...rows.slice(at), ...rows.slice(0, at).toReversed()];
}

/**
 * What unfolds the row, or the row itself: never a button that acts, which a second press of the same key
 * would press.
 */
function rowAfter(place: Place): HTMLElement | null {
  if (place.region !== 'tab') return null;
  const row = place.rows.find((one) => one.isConnected);
  return row?.querySelector<HTMLElement>('[aria-expanded]') ?? row ?? null;
}

/** The second step of the same card, the card, what waits next, what an agent asks; else the heading. */
function placesAfter(place: Place): string[] {
  if (place.region === 'tab') return ['[role="tab"][aria-selected="true"]'];
  const own = `article:is([data-approval="${place.card}"], [data-inquiry="${place.card}"])`;
  return [`${own} .confirm`, own, '.sheet h2', SELECTED, 'article.card', '.header-title'];
}
