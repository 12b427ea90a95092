import { evolve } from './evolve.ts';
import type { PanelMessage } from './message.ts';
import type { PanelState } from './model.ts';

export type Dispatch = (message: PanelMessage) => void;

/** Holds the one state and tells who draws it. */
export class Store {
  #state: PanelState;
  readonly #changed: (state: PanelState) => void;

  constructor(state: PanelState, changed: (state: PanelState) => void) {
    this.#state = state;
    this.#changed = changed;
  }

  get state(): PanelState {
    return this.#state;
  }

  readonly dispatch: Dispatch = (message) => {
    const next = evolve(this.#state, message);
    if (next === this.#state) return;
    this.#state = next;
    this.#changed(next);
  };
}
