import { html, nothing, type TemplateResult } from 'lit';
import { visibleParts } from '#schema/views/visible-text.ts';
import { absoluteTime, relativeTime } from '../words/time.ts';

export type Drawn = TemplateResult | typeof nothing;

/** A picture beside words that say the same; nothing for screen readers. */
export const icon = (name: string, extra = ''): TemplateResult =>
  html`<span class="codicon codicon-${name} ${extra}" aria-hidden="true"></span>`;

/** A button that is only a picture; its label is what it does. */
export const iconButton = (
  name: string,
  label: string,
  act: () => void,
  pressed?: boolean,
  guard?: string,
): TemplateResult =>
  html`<button
    type="button"
    class="icon-button"
    title=${label}
    aria-label=${label}
    aria-pressed=${pressed === undefined ? nothing : String(pressed)}
    data-guard=${guard ?? nothing}
    @click=${act}
  >
    ${icon(name)}
  </button>`;

/** A button that looks like a link. */
export const linkButton = (text: string, act: () => void): TemplateResult =>
  html`<button type="button" class="link" @click=${act}>${text}</button>`;

/** Untrusted text; characters that would hide or reorder it are marked. */
export const safeText = (text: string): TemplateResult[] =>
  visibleParts(text).map((part) =>
    part.hidden
      ? html`<mark title="A character that would not be seen as itself">${part.text}</mark>`
      : html`${part.text}`,
  );

/** What a command printed, as far as the panel keeps it. */
export const printed = (text: string | null): Drawn =>
  text === null
    ? nothing
    : html`<pre class="printed" tabindex="0" aria-label="What it printed">${safeText(text)}</pre>`;

/** A moment, relative; the exact one on hover. */
export const moment = (iso: string, now: number): TemplateResult =>
  html`<time datetime=${iso} title=${absoluteTime(iso)}>${relativeTime(iso, now)}</time>`;
