/** Where a control is in the window. */
interface Place {
  readonly top: number;
  readonly left: number;
  readonly height: number;
}

/** Moves smaller than this are not noticed by a hand. */
const NOTICEABLE_PX = 3;

/** What a look at the page found. */
export interface LayoutSeen {
  /** Every guarded control on show. */
  readonly shown: string[];
  /** Those that are elsewhere than at the last look. */
  readonly moved: string[];
  /** The one that keys act on: the answers of the selected card. */
  readonly selected: string | null;
}

/** Remembers where guarded controls (`data-guard`) are, to tell when one moved under the pointer. */
export class LayoutWatch {
  readonly #root: ParentNode;
  #places = new Map<string, Place>();

  constructor(root: ParentNode) {
    this.#root = root;
  }

  /** Looks again. After the person's own scrolling, what moved is no surprise. */
  look(): LayoutSeen {
    const before = this.#places;
    this.#places = new Map();
    for (const element of this.#root.querySelectorAll<HTMLElement>('[data-guard]')) {
      const { top, left, height } = element.getBoundingClientRect();
      this.#places.set(element.dataset['guard'] ?? '', { top, left, height });
    }
    const moved = [...this.#places].filter(([id, place]) => hasMoved(before.get(id), place));
    const selected = this.#root.querySelector<HTMLElement>('.is-selected > [data-guard]');
    return {
      shown: [...this.#places.keys()],
      moved: moved.map(([id]) => id),
      selected: selected?.dataset['guard'] ?? null,
    };
  }

  /** Brings a control into view. False when it was not: what is decided must have been on show. */
  bringIntoView(id: string): boolean {
    const element = [...this.#root.querySelectorAll<HTMLElement>('[data-guard]')].find(
      (one) => one.dataset['guard'] === id,
    );
    const before = element?.getBoundingClientRect();
    element?.scrollIntoView({ block: 'nearest' });
    const after = element?.getBoundingClientRect();
    return before !== undefined && before.top === after?.top;
  }
}

const hasMoved = (before: Place | undefined, now: Place): boolean =>
  before !== undefined &&
  (Math.abs(before.top - now.top) > NOTICEABLE_PX ||
    Math.abs(before.left - now.left) > NOTICEABLE_PX);
