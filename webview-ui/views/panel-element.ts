import { html, LitElement, type TemplateResult } from 'lit';
import type { Connect, PanelState } from '../state/model.ts';
import { footerText, orbView } from '../state/select.ts';
import { banners } from './banners.ts';
import { cards } from './cards.ts';
import type { PanelActions, ViewContext, VoiceParts } from './context.ts';
import { header, isBusy } from './header.ts';
import { say } from './say.ts';
import { lower } from './tabs.ts';
import { welcome } from './welcome.ts';

/** The whole panel. Draws the state it is given and nothing else. */
export class HobPanel extends LitElement {
  static override properties = { state: { attribute: false }, actions: { attribute: false } };
  declare state: PanelState | null;
  declare actions: PanelActions | null;
  parts: VoiceParts | null = null;
  tabs: ViewContext['tabs'] | null = null;
  /** Called after each drawing, when everything has its place. */
  onDrawn: () => void = () => {};
  #selected: string | null = null;
  #confirming: string | null = null;
  #connecting: Connect['step'] | undefined;
  #correcting = false;

  constructor() {
    super();
    this.state = null;
    this.actions = null;
  }

  // One document, one style sheet, theme variables: shadow roots would only separate them.
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { state, actions, parts, tabs } = this;
    if (state === null || actions === null || parts === null || tabs === null) return html``;
    const context: ViewContext = { state, actions, parts, tabs };
    const { mood, title, sentence } = orbView(state);
    const { tab, openEvent, search } = state.ui;
    const wants = tab === 'timeline' && openEvent === null && search === null ? '' : 'wants-lower';
    return html`<div class="panel ${state.connect === null ? wants : 'has-sheet'}">
      ${header(context)}
      <div class="banners">${banners(context)}</div>
      <main class="main">
        ${state.connect === null ? '' : tabs.connect.draw(state)}
        ${isBusy(state) ? cards(context) : welcome(context)}
      </main>
      ${say(context)} ${state.connect === null ? lower(context) : ''}
      <footer class="footer footer-${mood}">
        <span class="dot" aria-hidden="true"></span
        ><span class="footer-words" title=${footerText(state)}>${footerText(state)}</span>
      </footer>
      <div class="sr-only" aria-live="polite">${title}. ${sentence}</div>
      <div class="sr-only" aria-live="assertive">${state.ui.alert}</div>
    </div>`;
  }

  protected override updated(): void {
    const selected = this.state?.ui.selected ?? null;
    if (selected !== this.#selected) {
      this.#selected = selected;
      const card = selected === null ? null : this.querySelector(`[data-approval="${selected}"]`);
      card?.scrollIntoView({ block: 'nearest' });
    }
    const connecting = this.state?.connect ?? null;
    if (connecting?.step !== this.#connecting) {
      this.#connecting = connecting?.step;
      if (connecting !== null) this.querySelector('.main')?.scrollTo(0, 0);
    }
    const confirming = this.state?.ui.confirming ?? null;
    if (confirming !== this.#confirming) {
      this.#confirming = confirming;
      this.querySelector('.confirm')?.scrollIntoView({ block: 'nearest' });
    }
    this.#followCorrection();
    this.onDrawn();
  }

  /** Who spoke from inside the panel goes on there: what was heard is ready to be typed over. */
  #followCorrection(): void {
    const correcting = this.state?.voice.correcting !== null && this.state !== null;
    const isNew = correcting && !this.#correcting;
    this.#correcting = correcting;
    const { activeElement } = document;
    const isHere =
      document.hasFocus() &&
      (activeElement === document.body ||
        activeElement?.matches('.mic-button, .orb-button') === true);
    if (!isNew || !isHere) return;
    const field = this.querySelector<HTMLInputElement>('#correction');
    field?.focus();
    field?.select();
  }
}
