import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ApprovalView } from '#schema/views/approval.ts';
import { openOnes } from '../state/approvals.ts';
import { callLine } from '../words/call.ts';
import { outcomeOf } from '../words/outcome.ts';
import { whoName } from '../words/who.ts';
import { DENY_ALL } from '../state/model.ts';
import { canDecide, pendingOnes, selectedCard, serverQuestionsOf } from '../state/select.ts';
import { card } from './card.ts';
import { inquiryCard } from './inquiry.ts';
import type { ViewContext } from './context.ts';
import { icon, iconButton, linkButton, moment, printed, safeText, type Drawn } from './parts.ts';

/** Cards that are open by themselves: the ones that wait longest. The rest are a line each. */
const OPEN_CARDS = 2;

/** Everything that waits, oldest first, so that what arrives comes below. */
export function cards(context: ViewContext): TemplateResult {
  const { state } = context;
  const open = openOnes(state.approvals);
  const first = new Set(open.slice(0, OPEN_CARDS).map((one) => one.approval_id));
  const selected = selectedCard(state)?.approval_id;
  const unlisted = Math.max(0, state.total - open.length);
  return html`<section class="cards" aria-label="Questions for you">
    ${denyAll(context)}
    ${repeat(
      state.approvals,
      (one) => one.approval_id,
      (one) => {
        const id = one.approval_id;
        if (state.settled.has(id)) return settled(context, one);
        return first.has(id) || state.ui.opened.has(id) || id === selected
          ? card(context, one)
          : row(context, one);
      },
    )}
    ${repeat(
      state.inquiries.filter(({ during }) => during === undefined),
      (one) => one.inquiry_id,
      (one) => inquiryCard(context, one),
    )}
    ${serverQuestionsOf(state).length > 0 ? context.tabs.questions.draw(state) : nothing}
    ${unlisted > 0 ? html`<p class="cards-rest">${unlisted} more wait after these.</p>` : nothing}
  </section>`;
}

/** From so many on, somebody is flooded and wants one no for all of it. */
const MANY = 5;

/** One no to everything that waits, in two steps. There is no such yes. */
function denyAll({ state, actions }: ViewContext): Drawn {
  const count = pendingOnes(state).length;
  if (count < MANY || !canDecide(state)) return nothing;
  const isAsked = state.ui.confirming === DENY_ALL;
  const ask = (on: boolean) => (): void =>
    actions.dispatch({ kind: 'confirming', approval_id: on ? DENY_ALL : null });
  return html`<div class="cards-all" data-guard=${DENY_ALL}>
    ${
      isAsked
        ? html`<span>Deny all ${count}?</span>
            <button type="button" class="quiet-button" @click=${ask(false)}>Back</button>
            <vscode-button secondary @click=${() => actions.denyAll()}
              >Deny all ${count}</vscode-button
            >`
        : linkButton(`Deny all ${count}…`, ask(true))
    }
  </div>`;
}

/** A question in one line; opening it shows the whole card. */
function row({ state, actions }: ViewContext, approval: ApprovalView): TemplateResult {
  return html`<button
    type="button"
    class="card-row ${approval.danger ? 'is-danger' : ''}"
    data-approval=${approval.approval_id}
    @click=${() => actions.dispatch({ kind: 'focus_approval', approval_id: approval.approval_id })}
  >
    ${icon(approval.danger ? 'warning' : approval.status === 'held' ? 'debug-pause' : 'chevron-right')}
    ${approval.danger ? html`<span class="sr-only">Dangerous:</span>` : nothing}
    <code>${callLine(approval.call, 160)}</code>
    <span class="card-row-who">${safeText(whoName(approval.requester))}</span>
    <span class="card-when">${moment(approval.requested_at, state.now)}</span>
  </button>`;
}

/** What became of a question, in its place, until it is old news. */
function settled({ state, actions }: ViewContext, approval: ApprovalView): Drawn {
  const note = state.settled.get(approval.approval_id);
  if (note === undefined) return nothing;
  const run = approval.run_id === null ? null : (state.runs.get(approval.run_id) ?? null);
  const outcome = outcomeOf(approval, note, run);
  return html`<div
    class="settled tone-${outcome.tone}"
    role="status"
    data-approval=${approval.approval_id}
  >
    ${icon(outcome.busy ? 'loading' : outcome.icon, outcome.busy ? 'spin' : '')}
    <div class="settled-words">
      <span class="settled-outcome">${outcome.text}</span>
      <code>${callLine(approval.call, 200)}</code>
      ${printed(run?.printed ?? null)}
    </div>
    ${
      outcome.busy && run !== null && run.runner !== 'agent'
        ? iconButton('debug-stop', 'Stop it', () => actions.cancelRun(run.run_id))
        : nothing
    }
    ${iconButton('close', 'Dismiss', () => actions.dispatch({ kind: 'dismiss', approval_id: approval.approval_id }))}
  </div>`;
}
