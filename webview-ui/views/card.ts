import { html, nothing, type TemplateResult } from 'lit';
import type { ApprovalView } from '#schema/views/approval.ts';
import { canDecide, selectedCard, suggestion } from '../state/select.ts';
import { callText } from '#schema/views/call-text.ts';
import { beginning, diffSize } from '../words/call.ts';
import { failureText } from '../words/failure.ts';
import { timeLeft } from '../words/time.ts';
import { visibleText } from '../words/visible.ts';
import { whoName } from '../words/who.ts';
import type { ViewContext } from './context.ts';
import { icon, linkButton, moment, safeText, type Drawn } from './parts.ts';

const isMac = navigator.userAgent.includes('Mac');
const withKey = (label: string, key: string): string => `${label} (${isMac ? '⌘' : 'Ctrl+'}${key})`;

/** One question: who asks, the exact call, what it means, and the answers. */
export function card(context: ViewContext, approval: ApprovalView): TemplateResult {
  const { state, actions } = context;
  const id = approval.approval_id;
  const selected = selectedCard(state)?.approval_id === id;
  const classes = [
    'card',
    selected ? 'is-selected' : '',
    approval.danger ? 'is-danger' : '',
    approval.status === 'held' ? 'is-held' : '',
  ];
  const name = `${whoName(approval.requester)} asks: ${visibleText(callText(approval.call)).slice(0, 200)}`;
  return html`<article
    class=${classes.join(' ')}
    tabindex="-1"
    data-approval=${id}
    aria-label=${name}
    aria-current=${selected ? 'true' : nothing}
    @pointerdown=${() => actions.dispatch({ kind: 'select', approval_id: id })}
    @focusin=${() => actions.dispatch({ kind: 'select', approval_id: id })}
  >
    ${cardHead(context, approval)} ${callBlock(context, approval)} ${facts(context, approval)}
    ${remember(context, approval)} ${answers(context, approval)} ${confirmation(context, approval)}
    ${state.ui.confirming === id ? nothing : remark(context, approval)}
  </article>`;
}

function cardHead({ state }: ViewContext, approval: ApprovalView): TemplateResult {
  return html`<div class="card-head">
    <span class="card-who">${safeText(whoName(approval.requester))}</span>
    ${approval.task === null ? nothing : taskWords(approval.task)}
    <span class="card-when">${moment(approval.requested_at, state.now)}</span>
  </div>`;
}

const LONG_TASK = 30;

/** The agent's own words for what it is doing; long ones get lines of their own. */
const taskWords = (task: string): TemplateResult =>
  html`<span class="card-task ${task.length > LONG_TASK ? 'is-long' : ''}"
    >“${safeText(task)}”</span
  >`;

function callBlock({ state, actions }: ViewContext, approval: ApprovalView): TemplateResult {
  const id = approval.approval_id;
  const { shown, more } = state.ui.whole.has(id)
    ? { shown: callText(approval.call), more: 0 }
    : beginning(approval.call);
  const diff = approval.call.diff;
  return html`<div class="call ${approval.danger ? 'call-danger' : ''}">
    <pre class="call-text" tabindex="-1">
${safeText(shown)}${more > 0 && diff === undefined ? '…' : ''}</pre>
    ${
      more > 0
        ? linkButton(moreWords(more, diff !== undefined), () =>
            actions.dispatch({ kind: 'show_whole', approval_id: id }),
          )
        : nothing
    }
    ${diff === undefined ? nothing : diffBlock(diff, () => actions.showDiff(id))}
  </div>`;
}

const moreWords = (more: number, hasDiff: boolean): string =>
  hasDiff ? 'all arguments' : `more (${more.toLocaleString('en')} characters)`;

const DIFF_LINES = 8;

function diffBlock(diff: string, show: () => void): TemplateResult {
  const { added, removed } = diffSize(diff);
  const lines = diff.split('\n').filter((line) => !/^(---|\+\+\+|diff |index )/.test(line));
  const tone = (line: string): string =>
    line.startsWith('+')
      ? 'diff-added'
      : line.startsWith('-')
        ? 'diff-removed'
        : line.startsWith('@@')
          ? 'diff-place'
          : '';
  return html`<div class="diff">
    <div class="diff-head">
      <span class="diff-plus">+${added}</span> <span class="diff-minus">−${removed}</span>
      ${linkButton('Show diff', show)}
    </div>
    <pre class="diff-lines">
${lines.slice(0, DIFF_LINES).map((line) => html`<span class=${tone(line)}>${safeText(line)} </span>`)}</pre>
    ${lines.length > DIFF_LINES ? html`<div class="diff-rest">${lines.length - DIFF_LINES} more lines in the diff</div>` : nothing}
  </div>`;
}

const undoWords = {
  yes: 'Can be undone',
  no: 'Cannot be undone',
  unknown: 'May be impossible to undo',
} as const;

function facts({ state }: ViewContext, approval: ApprovalView): TemplateResult {
  const { explanation } = approval;
  const undo = undoWords[explanation.reversible];
  return html`<dl class="facts">
    ${fact('folder', 'Where', safeText(explanation.where))}
    ${fact(approval.danger ? 'warning' : 'zap', 'Effect', html`${explanation.effect} <span class="undo-${explanation.reversible}">${undo}.</span>`)}
    ${fact(approval.status === 'held' ? 'debug-pause' : 'watch', 'If you do nothing', silence(state.now, approval))}
  </dl>`;
}

const fact = (name: string, term: string, words: unknown): TemplateResult =>
  html`<div class="fact">
    <dt>${icon(name)}<span class="sr-only">${term}</span></dt>
    <dd>${words}</dd>
  </div>`;

function silence(now: number, approval: ApprovalView): TemplateResult {
  if (approval.status === 'held') {
    const left = approval.held_remaining_ms;
    return html`On hold. The clock stands
    still${left === null ? '.' : html`, <strong>${timeLeft(left)}</strong> once you release it.`}`;
  }
  const words = approval.explanation.silence;
  if (approval.expires_at === null) return html`${words}`;
  // The running clock stands for the whole time it had.
  const outcome = words.replace(/^No answer in [^:]+:/, 'No answer:');
  const left = Date.parse(approval.expires_at) - now;
  return html`${outcome}
    <strong class=${left < 60_000 ? 'is-urgent' : ''}>${timeLeft(left)}</strong>`;
}

function answers(context: ViewContext, approval: ApprovalView): TemplateResult {
  const { state, actions } = context;
  const id = approval.approval_id;
  const pending = state.decisions.get(id);
  const off = !canDecide(state) || pending?.step === 'sending';
  const held = approval.status === 'held';
  const remembers = state.ui.remembering.has(id) && suggestion(approval) !== null;
  const approve = approval.danger ? 'Approve…' : remembers ? 'Approve from now on' : 'Approve';
  return html`<div class="answers" data-guard=${id}>
    <vscode-button
      secondary
      ?disabled=${off}
      title=${withKey('Deny', isMac ? '⌫' : 'Backspace')}
      @click=${() => actions.decide(id, 'deny', 'pointer')}
      >Deny</vscode-button
    >
    <vscode-button
      class="approve"
      ?secondary=${approval.danger}
      ?disabled=${off || state.ui.confirming === id}
      title=${withKey(approval.danger ? 'Approve, in two steps' : 'Approve', 'Enter')}
      @click=${() => actions.decide(id, 'approve', 'pointer')}
      >${approve}</vscode-button
    >
    <button
      type="button"
      class="quiet-button"
      ?disabled=${off}
      data-guard="${id}/${held ? 'release' : 'hold'}"
      title=${held ? 'Let the clock run again (H)' : 'Not sure: stop the clock, decide later (H)'}
      @click=${() => actions.decide(id, held ? 'release' : 'hold', 'pointer')}
    >
      ${icon(held ? 'debug-continue' : 'debug-pause')}${held ? 'Release' : 'Hold'}
    </button>
    ${pending?.step === 'sending' ? html`<span class="sending" role="status">${icon('loading', 'spin')}<span class="sr-only">Sending your answer</span></span>` : nothing}
  </div>`;
}

/** The one permission that would save the next question. Ticking it decides nothing. */
function remember({ state, actions }: ViewContext, approval: ApprovalView): Drawn {
  const offer = suggestion(approval);
  if (offer === null || !canDecide(state)) return nothing;
  const id = approval.approval_id;
  return html`<label class="remember">
    <input
      type="checkbox"
      .checked=${state.ui.remembering.has(id)}
      @change=${(event: Event) =>
        actions.dispatch({
          kind: 'remember',
          approval_id: id,
          on: (event.target as HTMLInputElement).checked,
        })}
    />
    <span>Other days, allow ${offerWords(offer.label, offer.match.kind)} without asking</span>
  </label>`;
}

/** An exact call is on the card already, so its words are not repeated. */
const offerWords = (label: string, kind: 'exact' | 'prefix'): TemplateResult =>
  kind === 'exact' ? html`<em>exactly this call</em>` : html`<code>${safeText(label)}</code>`;

/** The second, deliberate step: below the first button, never under it. */
function confirmation(context: ViewContext, approval: ApprovalView): Drawn {
  const { state, actions } = context;
  const id = approval.approval_id;
  if (!approval.danger || state.ui.confirming !== id) return nothing;
  return html`<div class="confirm" role="group" tabindex="-1" aria-label="Second step">
    <p>
      <strong>${icon('warning')} Sure?</strong>
      ${
        approval.danger_reasons.length === 0
          ? nothing
          : html`It ${approval.danger_reasons.join('; it ')}.`
      }
      Neither words nor one click can approve that.
    </p>
    ${remark(context, approval)}
    <div class="confirm-answers" data-guard="${id}/confirm">
      <button
        type="button"
        class="quiet-button"
        @click=${() => actions.dispatch({ kind: 'confirming', approval_id: null })}
      >
        Back
      </button>
      <vscode-button
        class="confirm-yes"
        title=${withKey('Yes, do exactly this', 'Enter')}
        @click=${() => actions.decide(id, 'approve', 'pointer', true)}
        >Yes, do exactly this</vscode-button
      >
    </div>
  </div>`;
}

/** Why the last act on this card did not count, or what the host said to it. */
function remark({ state }: ViewContext, approval: ApprovalView): Drawn {
  const id = approval.approval_id;
  const pending = state.decisions.get(id);
  if (pending?.step === 'refused') {
    return html`<p class="remark is-error" role="alert">
      ${icon('error')} ${failureText(pending.error)}
    </p>`;
  }
  const { blocked } = state.ui;
  return blocked?.id === id
    ? html`<p class="remark" role="status">${icon('info')} ${blocked.why}</p>`
    : nothing;
}
