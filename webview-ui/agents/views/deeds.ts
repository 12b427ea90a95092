import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { AgentView } from '#schema/views/agent.ts';
import type { RunView } from '#schema/views/run.ts';
import { icon, linkButton, moment, safeText, type Drawn } from '../../views/parts.ts';
import { runLine } from '../../state/runs.ts';
import { callLine } from '../../words/call.ts';
import { eventLine, type Surroundings } from '../../words/event-line.ts';
import { failureText } from '../../words/failure.ts';
import { clockTime } from '../../words/time.ts';
import type { OpenAgent } from '../model.ts';
import { deedOutcome } from '../words.ts';
import type { AgentsContext } from './context.ts';

/** What an agent did, from the record, newest first; each one unfolds into its events. */
export function deedList(
  context: AgentsContext,
  agent: AgentView,
  open: OpenAgent,
): TemplateResult {
  const heading = `deeds-${agent.agent_id}`;
  return html`<section class="deeds" aria-labelledby=${heading}>
    <span id=${heading} class="coverage-title">What it did</span>
    ${body(context, open)}
  </section>`;
}

function body(context: AgentsContext, open: OpenAgent): Drawn {
  const { deeds, more, unread } = open;
  if (unread !== null)
    return html`<p class="is-error" role="alert">${icon('warning')} ${failureText(unread)}</p>`;
  if (deeds === null)
    return html`<p class="item-aside" role="status">
      ${icon('loading', 'spin')} Reading the record
    </p>`;
  if (deeds.length === 0)
    return html`<p class="item-aside">Nothing yet: it has asked for nothing and run nothing.</p>`;
  return html`<ul>
      ${repeat(
        deeds,
        ({ run_id }) => run_id,
        (run) => deedItem(context, open, run),
      )}
    </ul>
    ${more ? linkButton('Show older', () => context.act.readOlder()) : nothing}`;
}

function deedItem({ panel, act }: AgentsContext, open: OpenAgent, run: RunView): TemplateResult {
  const { icon: picture, text, tone } = deedOutcome(run);
  const isOpen = open.deed?.run_id === run.run_id;
  return html`<li class="deed">
    <button
      type="button"
      class="deed-line tone-${tone}"
      aria-expanded=${String(isOpen)}
      @click=${() => act.toggleDeed(run.run_id)}
    >
      ${icon(picture)}
      <span class="deed-words">
        <code>${safeText(callLine(run.call))}</code>
        <span class="item-aside">${safeText(text)} · ${moment(run.created_at, panel.now)}</span>
      </span>
    </button>
    ${isOpen ? record({ panel, act }, run, open.deed?.events ?? null) : nothing}
  </li>`;
}

/** What the record holds of one of them. */
function record(
  { panel, act }: Pick<AgentsContext, 'panel' | 'act'>,
  run: RunView,
  events: readonly StoredEvent[] | null,
): Drawn {
  if (events === null)
    return html`<p class="item-aside" role="status">${icon('loading', 'spin')} Reading</p>`;
  const around: Surroundings = {
    runs: new Map([[run.run_id, runLine(run)]]),
    asked: new Map(run.approval_id === null ? [] : [[run.approval_id, run.call]]),
    agents: new Map(panel.agents.map(({ agent_id, display }) => [agent_id, display])),
  };
  const last = events.at(-1);
  return html`<ol class="deed-events">
      ${events.map((event) => {
        const { text, aside } = eventLine(event, around);
        return html`<li>
          <time datetime=${event.occurred_at}>${clockTime(new Date(event.occurred_at))}</time>
          <span>${safeText(text)}${aside === '' ? nothing : html` · ${safeText(aside)}`}</span>
        </li>`;
      })}
    </ol>
    ${last === undefined ? nothing : linkButton('Open in an editor', () => act.panel.openEvent(last.seq))}`;
}
