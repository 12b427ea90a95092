import { html, nothing, type TemplateResult } from 'lit';
import type { AgentView } from '#schema/views/agent.ts';
import { isHookedAgent } from '#schema/views/hooked-agents.ts';
import { coverageLists } from '../../views/coverage.ts';
import { icon, moment, type Drawn } from '../../views/parts.ts';
import { scopeText } from '../../words/scope.ts';
import type { OpenAgent } from '../model.ts';
import { goneOf, revokeWords } from '../words.ts';
import type { AgentsContext } from './context.ts';
import { deedList } from './deeds.ts';

/** An agent unfolded: what its token is good for, what is covered, the hands on it, what it did. */
export function agentDetail(
  context: AgentsContext,
  agent: AgentView,
  open: OpenAgent,
): TemplateResult {
  const { covered, not_covered: notCovered } = agent.coverage;
  return html`<div class="agent-detail">
    ${facts(context, agent)} ${coverageLists(covered, notCovered)} ${hands(context, agent, open)}
    ${deedList(context, agent, open)}
  </div>`;
}

const fact = (term: string, words: unknown): TemplateResult =>
  html`<dt>${term}</dt>
    <dd>${words}</dd>`;

function facts({ panel }: AgentsContext, agent: AgentView): TemplateResult {
  const { last_hook_at: hook, added_at: added } = agent;
  return html`<dl class="pairs">
    ${fact('Token', tokenWords(agent))}
    ${fact('Its hook', hook === null ? 'has not called yet' : html`called last ${moment(hook, panel.now)}`)}
    ${fact('Known', html`since ${moment(added, panel.now)}`)}
  </dl>`;
}

/** What its token is good for, and from whom it has it. */
function tokenWords({ capability }: AgentView): string {
  if (capability === null || capability === undefined)
    return 'none: the name is what it calls itself';
  const from = capability.delegation.length > 1 ? 'handed down by another agent: ' : '';
  return `${from}${scopeText(capability.scope)}`;
}

function hands({ act }: AgentsContext, agent: AgentView, open: OpenAgent): TemplateResult {
  const button = (hand: string, picture: string, text: string, press: () => void): TemplateResult =>
    html`<button type="button" class="quiet-button" data-hand=${hand} @click=${press}>
      ${icon(picture)}${text}
    </button>`;
  if (open.revoking)
    return html`<div class="agent-sure" role="group" aria-label="Revoke ${agent.display}?">
      <p>${icon('warning')} ${revokeWords(agent)}</p>
      <div class="item-acts">
        ${button('revoke', 'circle-slash', 'Revoke it', () => act.revoke(agent))}
        ${button('keep', 'discard', 'Keep it', () => act.keep())}
      </div>
    </div>`;
  return html`<div class="item-acts" role="group" aria-label=${agent.display}>
    ${connection(agent, button, (undo) => act.panel.planConnection(agent.name, undo))}
    ${button('revoke', 'circle-slash', 'Revoke', () => act.revoke(agent))}
  </div>`;
}

function connection(
  { name, coverage }: AgentView,
  button: (hand: string, picture: string, text: string, press: () => void) => TemplateResult,
  plan: (undo: boolean) => void,
): Drawn {
  if (!isHookedAgent(name)) return nothing;
  return goneOf(coverage) !== null
    ? button('connect', 'plug', 'Connect again', () => plan(false))
    : button('disconnect', 'debug-disconnect', 'Disconnect', () => plan(true));
}
