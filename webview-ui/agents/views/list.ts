import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AgentView } from '#schema/views/agent.ts';
import { icon, moment, safeText, type Drawn } from '../../views/parts.ts';
import type { AgentsContext } from './context.ts';
import { goneOf } from '../words.ts';
import { agentDetail } from './detail.ts';

/** Who asks Hob, what of them is covered, and who could be connected. */
export function agentsView(context: AgentsContext): TemplateResult {
  const { panel, act } = context;
  const agents = panel.agents.filter((agent) => agent.status === 'active');
  return html`<div class="agents">
    ${
      agents.length === 0
        ? html`<p class="empty">
            ${icon('robot')} No agent is connected. Nothing an agent does is seen here until you
            connect it.
          </p>`
        : html`<ul class="list">
            ${repeat(
              agents,
              ({ agent_id }) => agent_id,
              (agent) => agentItem(context, agent),
            )}
          </ul>`
    }
    ${said(context)}
    <div class="connect-row">
      <button type="button" class="quiet-button" @click=${() => act.panel.chooseAgent()}>
        ${icon('plug')}Connect an agent
      </button>
    </div>
  </div>`;
}

/** What became of the last act. Read out, since it may be said far from the button. */
const said = ({ state: { said: last } }: AgentsContext): TemplateResult =>
  html`<div class="agents-said" role=${last?.error === true ? 'alert' : 'status'}>
    ${
      last === null
        ? nothing
        : html`<p class=${last.error ? 'is-error' : ''}>
            ${icon(last.error ? 'warning' : 'info')} ${safeText(last.text)}
          </p>`
    }
  </div>`;

function agentItem(context: AgentsContext, agent: AgentView): TemplateResult {
  const { panel, state, act } = context;
  const { gated } = agent.coverage;
  const open = state.open?.agent_id === agent.agent_id ? state.open : null;
  return html`<li class="item agent ${gated ? 'is-gated' : 'is-open'}">
    <button
      type="button"
      class="agent-line"
      aria-expanded=${String(open !== null)}
      @click=${() => act.toggle(agent.agent_id)}
    >
      ${icon('robot')}
      <span class="agent-words">
        <span class="agent-head">
          <strong>${safeText(agent.display)}</strong>
          <span class="badge ${gated ? 'badge-good' : 'badge-warn'}"
            >${icon(gated ? 'shield' : 'warning')}${gated ? 'gated' : 'not gated'}</span
          >
        </span>
        <span class="item-aside">
          ${agent.last_seen_at === null ? 'Never heard from' : html`Last heard ${moment(agent.last_seen_at, panel.now)}`}
        </span>
        ${warning(agent)}
      </span>
      ${icon(open === null ? 'chevron-down' : 'chevron-up')}
    </button>
    ${open === null ? nothing : agentDetail(context, agent, open)}
  </li>`;
}

/** What is wrong is said before anybody unfolds it. */
function warning({ coverage }: AgentView): Drawn {
  const gone = goneOf(coverage);
  return gone === null
    ? nothing
    : html`<span class="item-warning">${icon('warning')} ${gone} Connect it again.</span>`;
}
