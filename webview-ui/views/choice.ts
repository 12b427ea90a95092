import { html, nothing } from 'lit';
import type { PanelActions } from './context.ts';
import type { Drawn } from './parts.ts';

/** A phrase with an open slot is put into the field; a whole one is done. */
export function choice(phrase: string, at: number | null, actions: PanelActions): Drawn {
  const open = at === null ? /\b[A-Z]{4,}\b/ : /[…{<]/;
  const isWhole = !open.test(phrase);
  const act = (): void => {
    if (isWhole) actions.say(phrase);
    else actions.dispatch({ kind: 'draft', text: phrase.slice(0, phrase.search(open)) });
  };
  return html`<button type="button" class="choice" @click=${act}>
    ${at === null ? nothing : html`<kbd>${String.fromCodePoint(65 + at)}</kbd>`} ${phrase}
  </button>`;
}
