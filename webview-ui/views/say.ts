import { html, nothing, type TemplateResult } from 'lit';
import type { SayResult } from '#schema/commands/conversation.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import { openOnes } from '../state/approvals.ts';
import { printedPart } from '../state/runs.ts';
import { isConnected } from '../state/select.ts';
import type { PanelState, Turn } from '../state/model.ts';
import { failureText } from '../words/failure.ts';
import { visibleText } from '../words/visible.ts';
import type { PanelActions, ViewContext } from './context.ts';
import { icon, iconButton, linkButton, printed, type Drawn } from './parts.ts';
import { choice } from './choice.ts';
import { citedText } from './cited.ts';
import { undo } from './undo.ts';
import { micButton, voiceStrip } from './voice.ts';

/** The field for a sentence, and what Hob made of the last one. Plain Enter acts here and nowhere else. */
export function say(context: ViewContext): TemplateResult {
  const { state, actions } = context;
  const off = !isConnected(state);
  const send = (event: Event): void => {
    event.preventDefault();
    actions.say(state.ui.draft);
  };
  // With one window there is no other that could be meant, and the words need the room.
  const place = (state.status?.windows ?? 0) > 1 ? (state.bridge?.window_name ?? '') : '';
  return html`<section class="say" aria-label="Say something to Hob">
    <form class="say-form" @submit=${send}>
      <input
        type="text"
        class="say-input"
        aria-label=${place === '' ? 'Say or type what you want' : `Say or type what you want; it acts in ${place}`}
        placeholder="Say it or type it"
        autocomplete="off"
        maxlength="4096"
        .value=${state.ui.draft}
        ?disabled=${off}
        @input=${(event: Event) => actions.dispatch({ kind: 'draft', text: (event.target as HTMLInputElement).value })}
      />
      ${place === '' ? nothing : html`<span class="say-place" title="It acts in this window">→ ${place}</span>`}
      ${micButton(context)}
      <button
        type="submit"
        class="icon-button"
        title="Do it (Enter)"
        aria-label="Do it"
        ?disabled=${off || state.ui.draft.trim() === ''}
      >
        ${icon('arrow-up')}
      </button>
    </form>
    ${voiceStrip(context)} ${state.turn === null ? nothing : turnView(state.turn, context)}
  </section>`;
}

function turnView(turn: Turn, context: ViewContext): TemplateResult {
  const { actions } = context;
  return html`<div class="turn" role="status">
    <div class="turn-words">${turnBody(turn, context)}</div>
    ${
      turn.step === 'running'
        ? iconButton('debug-stop', 'Cancel', () => actions.cancelTurn())
        : iconButton('close', 'Dismiss', () => actions.dispatch({ kind: 'turn_closed' }))
    }
  </div>`;
}

function turnBody(turn: Turn, context: ViewContext): TemplateResult {
  const { state, actions } = context;
  const heard = html`<span class="turn-heard turn-text"
    >${icon('comment')} “${visibleText(turn.text)}”</span
  >`;
  switch (turn.step) {
    case 'running':
      return html`${heard}
        <span class="turn-reply">${icon('loading', 'spin')} Working on it</span>`;
    case 'failed':
      return html`${heard}
        <span class="turn-reply is-error">${icon('error')} ${whyNot(turn.error, state)}</span>`;
    case 'answered':
      return turn.result.status === 'not_understood'
        ? notUnderstood(turn.result, actions)
        : html`${heard} ${reply(turn.result, context)}`;
  }
}

/** A yes that no card waits for was meant for something else. */
const whyNot = (error: WireError, state: PanelState): string =>
  error.code === 'approval_source_refused' && openOnes(state.approvals).length === 0
    ? 'Nothing waits for an answer. To keep a schedule that was read back, say “save the schedule”.'
    : failureText(error);

const looks = {
  done: ['check', 'tone-good'],
  answered: ['comment-discussion', ''],
  failed: ['error', 'is-error'],
  denied: ['circle-slash', 'is-error'],
  pending: ['watch', ''],
  not_understood: ['question', ''],
  dry_run: ['beaker', ''],
} as const satisfies Record<SayResult['status'], readonly [string, string]>;

function reply(result: SayResult, context: ViewContext): TemplateResult {
  const { actions } = context;
  const [name, tone] = looks[result.status];
  const words =
    result.error === null
      ? citedText(result.outcome ?? result.reply, result.event_seqs, actions)
      : failureText(result.error);
  const id = result.approval_id;
  const phrases = result.result?.['phrases'];
  if (Array.isArray(phrases)) return phraseList(phrases.map(String), actions);
  return html`<span class="turn-reply ${tone}">
      ${icon(name)} ${words}
      ${
        result.status === 'pending' && id !== null
          ? linkButton('Show the question', () =>
              actions.dispatch({ kind: 'focus_approval', approval_id: id }),
            )
          : nothing
      }</span
    >
    ${printed(printedPart(result.result))} ${keepOrDrop(result, actions)}
    ${undo(context, result.turn_id, 'turn_closed')}`;
}

/** What is said to a schedule that was read back, for the hand that is at the mouse. */
function keepOrDrop(result: SayResult, actions: PanelActions): Drawn {
  const isDraft = result.status === 'answered' && result.result?.['schedule'] !== undefined;
  if (!isDraft) return nothing;
  return html`<span class="turn-acts">
    <vscode-button @click=${() => actions.say('save the schedule')}>Save it</vscode-button>
    <button type="button" class="quiet-button" @click=${() => actions.say('discard the schedule')}>
      Discard
    </button>
  </span>`;
}

/** Everything that can be said, to be clicked. */
const phraseList = (phrases: readonly string[], actions: PanelActions): TemplateResult =>
  html`<span class="closest">${phrases.map((phrase) => choice(phrase, null, actions))}</span>`;

/** `I heard “run the test suit”. Closest: A run the tests · B run task…` */
function notUnderstood(result: SayResult, actions: PanelActions): TemplateResult {
  const closest = result.closest.slice(0, 3);
  // The reply repeats what was heard, so it is enough where there is nothing to choose.
  if (closest.length === 0)
    return html`<span class="turn-reply">${visibleText(result.reply)}</span>
      <span class="turn-acts">${linkButton('What can I say?', () => actions.say('help'))}</span>`;
  return html`<span class="turn-text">I heard “<em>${visibleText(result.transcript)}</em>”.</span>
    <span class="closest"
      >Closest: ${closest.map((match, at) => choice(match.phrase, at, actions))}</span
    >`;
}
