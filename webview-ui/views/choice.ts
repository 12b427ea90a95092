import { html } from 'lit';
import type { PanelActions } from './context.ts';
import type { Drawn } from './parts.ts';

/** A phrase with an open slot is put into the field; a whole one is done. */
export function choice(phrase: string, at: number, actions: PanelActions): Drawn {
  const isWhole = !/[…{}<>]/.test(phrase);
  const act = (): void => {
    if (isWhole) actions.say(phrase);
    else actions.dispatch({ kind: 'draft', text: phrase.replace(/[…{<].*$/, '') });
  };
  return html`<button type="button" class="choice" @click=${act}>
    <kbd>${String.fromCodePoint(65 + at)}</kbd> ${phrase}
  </button>`;
}
