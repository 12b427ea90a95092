import { html, type TemplateResult } from 'lit';
import type { Servers, ServersPorts } from '../servers/servers.ts';
import type { PanelState } from '../state/model.ts';
import { icon } from './parts.ts';

/** The servers tab, whose script is loaded when somebody looks at it for the first time. */
export class LazyServers {
  readonly #ports: ServersPorts;
  #servers: Servers | null = null;
  #script: 'not-asked' | 'asked' | 'failed' = 'not-asked';

  constructor(ports: ServersPorts) {
    this.#ports = ports;
  }

  see(state: PanelState): void {
    this.#servers?.see(state);
    const isShown = state.ui.tab === 'servers';
    // Looking at it again tries again.
    if (!isShown && this.#script === 'failed') this.#script = 'not-asked';
    if (isShown && this.#script === 'not-asked') void this.#load();
  }

  draw(state: PanelState): TemplateResult {
    if (this.#servers !== null) return this.#servers.draw(state);
    return this.#script === 'failed'
      ? html`<p class="empty is-error" role="alert">
          ${icon('warning')} This part of the panel could not be loaded. Reload the window.
        </p>`
      : html`<p class="empty">${icon('loading', 'spin')} Loading</p>`;
  }

  async #load(): Promise<void> {
    this.#script = 'asked';
    try {
      const { Servers: Loaded } = await import('../servers/servers.ts');
      this.#servers = new Loaded(this.#ports);
      this.#servers.see(this.#ports.state());
    } catch {
      this.#script = 'failed';
    }
    this.#ports.changed();
  }
}
