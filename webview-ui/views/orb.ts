import { html, type TemplateResult } from 'lit';
import { orbView } from '../state/select.ts';
import type { ViewContext } from './context.ts';

/** The state as a picture, with its words. Colour is never the only signal: each mood has its own shape. */
export function orb({ state, parts }: ViewContext, size: 'mark' | 'large'): TemplateResult {
  const view = orbView(state);
  return html`<hob-orb
    class="orb orb-${size} orb-${view.mood}"
    role="img"
    aria-label=${`${view.title}. ${view.sentence}`}
    .mood=${view.mood}
    .count=${view.count}
    .palette=${state.palette}
    .level=${parts.level}
  ></hob-orb>`;
}
