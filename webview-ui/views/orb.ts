import { html, nothing, type TemplateResult } from 'lit';
import type { OrbView } from '../state/select.ts';

/** The state as a picture. Colour is never the only signal: each mood has a shape of its own. */
export function orb(view: OrbView, size: 'mark' | 'large'): TemplateResult {
  const shown = view.count > 99 ? '99+' : String(view.count);
  return html`<span
    class="orb orb-${size} orb-${view.mood}"
    role="img"
    aria-label=${`${view.title}. ${view.sentence}`}
  >
    <span class="orb-body"></span>
    <span class="orb-drift"></span>
    <span class="orb-ring"></span>
    ${view.count > 0 ? html`<span class="orb-count">${shown}</span>` : nothing}
  </span>`;
}
