import { html, type TemplateResult } from 'lit';
import type { Link } from '../link/link.ts';
import type { PanelState } from '../state/model.ts';
import type { Dispatch } from '../state/store.ts';
import { icon } from './parts.ts';

/** What a tab with a script of its own gets of the panel around it. */
export interface TabPorts {
  readonly link: Pick<Link, 'request'>;
  readonly dispatch: Dispatch;
  state(): PanelState;
  after(ms: number, run: () => void): () => void;
  /** Something of it is to be drawn anew. */
  changed(): void;
  /** Opens a page in the person's browser. */
  openPage(url: string): void;
  /** Gives the focus to the first of these, once it is drawn: the control that had it is gone. */
  focus(selector: string): void;
}

/** A tab, as the panel sees it. */
export interface TabPart {
  /** The panel changed. */
  see(state: PanelState): void;
  draw(state: PanelState): TemplateResult;
}

export interface LazyTabOptions {
  /** Somebody looks at it. */
  isShown(state: PanelState): boolean;
  readonly ports: Pick<TabPorts, 'state' | 'changed'>;
  load(): Promise<TabPart>;
}

/** A tab, or another part, whose script is loaded when somebody looks at it for the first time. */
export class LazyTab implements TabPart {
  readonly #o: LazyTabOptions;
  #part: TabPart | null = null;
  #script: 'not-asked' | 'asked' | 'failed' = 'not-asked';

  constructor(options: LazyTabOptions) {
    this.#o = options;
  }

  see(state: PanelState): void {
    this.#part?.see(state);
    const isShown = this.#o.isShown(state);
    // Looking at it again tries again.
    if (!isShown && this.#script === 'failed') this.#script = 'not-asked';
    if (isShown && this.#script === 'not-asked') void this.#load();
  }

  draw(state: PanelState): TemplateResult {
    if (this.#part !== null) return this.#part.draw(state);
    return this.#script === 'failed'
      ? html`<p class="empty is-error" role="alert">
          ${icon('warning')} This part of the panel could not be loaded. Reload the window.
        </p>`
      : html`<p class="empty">${icon('loading', 'spin')} Loading</p>`;
  }

  async #load(): Promise<void> {
    const { load, ports } = this.#o;
    this.#script = 'asked';
    try {
      this.#part = await load();
      this.#part.see(ports.state());
    } catch {
      this.#script = 'failed';
    }
    ports.changed();
  }
}
