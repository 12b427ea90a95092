import { html, type TemplateResult } from 'lit';
import { citedParts } from '../words/cited.ts';
import { visibleText } from '../words/visible.ts';
import type { PanelActions } from './context.ts';

/** An answer from the record; each sentence opens the event that it comes from. */
export const citedText = (
  text: string,
  seqs: readonly number[],
  actions: PanelActions,
): TemplateResult[] =>
  citedParts(text, seqs).map((part) =>
    'text' in part
      ? html`${visibleText(part.text)}`
      : html` <button
          type="button"
          class="link cited"
          title="The event that says so"
          aria-label=${`Event ${part.seq}`}
          @click=${() => actions.openEvent(part.seq)}
        >
          ${part.seq}
        </button>`,
  );
