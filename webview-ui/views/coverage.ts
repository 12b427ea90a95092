import { html, nothing, type TemplateResult } from 'lit';
import { icon, type Drawn } from './parts.ts';

/** What Hob gates of an agent, and what it does not see. */
export const coverageLists = (
  covered: readonly string[],
  notCovered: readonly string[],
): TemplateResult => html`
  ${coverageList('Asks first', 'check', covered)}
  ${coverageList('Not seen by Hob', 'circle-slash', notCovered)}
`;

function coverageList(title: string, name: string, items: readonly string[]): Drawn {
  if (items.length === 0) return nothing;
  return html`<div class="coverage">
    <span class="coverage-title">${title}</span>
    <ul>
      ${items.map((item) => html`<li>${icon(name)}<span>${item}</span></li>`)}
    </ul>
  </div>`;
}
