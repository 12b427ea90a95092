import { html, nothing, type TemplateResult } from 'lit';
import type { AgentView } from '#schema/views/agent.ts';
import { isHookedAgent } from '#schema/views/hooked-agents.ts';
import type { PanelState } from '../state/model.ts';
import { callLine } from '../words/call.ts';
import { scopeText } from '../words/scope.ts';
import type { ViewContext } from './context.ts';
import { icon, moment, safeText, type Drawn } from './parts.ts';

/** Who asks Hob, what of them is covered, and who could be connected. */
export function agentList(context: ViewContext): TemplateResult {
  const { state, actions } = context;
  const agents = state.agents.filter((agent) => agent.status === 'active');
  return html`
    ${
      agents.length === 0
        ? html`<p class="empty">
            ${icon('robot')} No agent is connected. Nothing an agent does is seen here until you
            connect it.
          </p>`
        : html`<ul class="list">
            ${agents.map((agent) => agentItem(context, agent))}
          </ul>`
    }
    <div class="connect-row">
      <button type="button" class="quiet-button" @click=${() => actions.chooseAgent()}>
        ${icon('plug')}Connect an agent
      </button>
    </div>
  `;
}

function agentItem({ state, actions }: ViewContext, agent: AgentView): TemplateResult {
  const { coverage } = agent;
  const undoable = isHookedAgent(agent.name);
  return html`<li class="item agent ${coverage.gated ? 'is-gated' : 'is-open'}">
    <div class="item-words">
      <span class="agent-head">
        <strong>${safeText(agent.display)}</strong>
        <span class="badge ${coverage.gated ? 'badge-good' : 'badge-warn'}"
          >${icon(coverage.gated ? 'shield' : 'warning')}${coverage.gated ? 'gated' : 'not gated'}</span
        >
      </span>
      ${coverage.hook_present === false ? html`<span class="item-warning">${icon('warning')} Its hook is gone from its settings, so it no longer asks. Connect it again.</span>` : nothing}
      <details>
        <summary>
          ${agent.last_seen_at === null ? 'Never heard from' : html`Last heard ${moment(agent.last_seen_at, state.now)}`}
          · what is covered
        </summary>
        ${tokenLine(agent)} ${coverageLists(coverage.covered, coverage.not_covered)}
        ${lastDeeds(state, agent)}
        <span class="item-aside">
          ${agent.last_hook_at === null ? 'Its hook has not called yet.' : html`Its hook called last ${moment(agent.last_hook_at, state.now)}.`}
        </span>
        <span class="item-acts">
          ${undoable ? html`<button type="button" class="quiet-button" @click=${() => actions.planConnection(agent.name, !needsConnecting(agent))}>${needsConnecting(agent) ? 'Connect again' : 'Disconnect'}</button>` : nothing}
          <button
            type="button"
            class="quiet-button"
            aria-label="Revoke ${agent.display}"
            @click=${() => actions.revokeAgent(agent.agent_id)}
          >
            Revoke
          </button>
        </span>
      </details>
    </div>
  </li>`;
}

/** What its token is good for, and from whom it has it. */
function tokenLine({ capability }: AgentView): Drawn {
  if (capability === null || capability === undefined) return nothing;
  const from = capability.delegation.length > 1 ? ', handed down by another agent' : '';
  return html`<span class="item-aside"
    >${icon('key')} Token${from}: ${scopeText(capability.scope)}</span
  >`;
}

/** How many of its last deeds are shown; the timeline has them all. */
const DEEDS = 3;

/** What it did last, as far as this panel has read. A name that nothing proved counts for the agent it names. */
function lastDeeds({ runs }: PanelState, { agent_id: id, name }: AgentView): Drawn {
  const deeds = [...runs.values()]
    .filter(({ who_id: who }) => who === id || who === `claimed:${name}`)
    .toSorted((one, other) => (one.run_id < other.run_id ? 1 : -1))
    .slice(0, DEEDS);
  if (deeds.length === 0) return nothing;
  return html`<div class="coverage">
    <span class="coverage-title">Did last</span>
    <ul>
      ${deeds.map((run) => html`<li>${icon('history')}<span>${safeText(callLine(run.call))} (${run.status.replaceAll('_', ' ')})</span></li>`)}
    </ul>
  </div>`;
}

const needsConnecting = (agent: AgentView): boolean => agent.coverage.hook_present === false;

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
