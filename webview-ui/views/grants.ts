import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { GrantView } from '#schema/views/grant.ts';
import { revokeControl, type PanelState } from '../state/model.ts';
import type { ViewContext } from './context.ts';
import { icon, moment, safeText } from './parts.ts';

const activeGrants = (state: PanelState): GrantView[] =>
  state.grants.filter((grant) => grant.status === 'active');

/** Standing permissions: how wide, for whom, how often used, and a way to end each. */
export function grantList({ state, actions }: ViewContext): TemplateResult {
  const grants = activeGrants(state);
  if (grants.length === 0) {
    return html`<p class="empty">
      ${icon('bookmark')} No permissions stand. Tick “Other days, allow…” on a card and it is listed
      here, with how often it was used.
    </p>`;
  }
  return html`<ul class="list">
    ${repeat(
      grants,
      ({ grant_id }) => grant_id,
      (grant) =>
        html`<li class="item" tabindex="-1">
          <div class="item-words">
            <code>${safeText(grant.label)}</code>
            <span class="item-aside">
              ${principalName(grant.principal_id, state)} ·
              ${grant.uses === 0 ? 'not used yet' : html`used ${grant.uses === 1 ? 'once' : `${grant.uses} times`}${grant.last_used_at === null ? nothing : html`, last ${moment(grant.last_used_at, state.now)}`}`}
              ${grant.until === null ? nothing : html` · until ${moment(grant.until, state.now)}`}
            </span>
          </div>
          <button
            type="button"
            class="quiet-button"
            aria-label="Revoke: ${grant.label}"
            data-guard=${revokeControl(grant.grant_id)}
            @click=${() => actions.revokeGrant(grant.grant_id)}
          >
            Revoke
          </button>
        </li>`,
    )}
  </ul>`;
}

/** The agent's name for its id; `claimed:x` is what somebody calls itself. */
function principalName(id: string, state: PanelState): string {
  const agent = state.agents.find((one) => one.agent_id === id);
  if (agent !== undefined) return agent.display;
  if (id === 'user') return 'you';
  return id.startsWith('claimed:') ? `calls itself ${id.slice('claimed:'.length)}` : id;
}
