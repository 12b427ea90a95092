import { html, nothing, type TemplateResult } from 'lit';
import type { InquiryView } from '#schema/views/inquiry.ts';
import { isConnected } from '../state/select.ts';
import { isGateOpen, isListening } from '../state/voice.ts';
import { timeLeft } from '../words/time.ts';
import { visibleText } from '../words/visible.ts';
import { whoName } from '../words/who.ts';
import type { ViewContext } from './context.ts';
import { icon, moment, safeText, type Drawn } from './parts.ts';

/**
 * What an agent asks: words that allow nothing, so it looks unlike a call that waits for a decision. It is
 * answered by a click, by typing, or in a talk turn of its own.
 */
export function inquiryCard(context: ViewContext, inquiry: InquiryView): TemplateResult {
  const { state } = context;
  const { inquiry_id, requester, question, kind } = inquiry;
  const who = whoName(requester);
  const verb = kind === 'listen' ? 'wants to hear you' : 'asks you';
  const left = Date.parse(inquiry.expires_at) - state.now;
  return html`<article
    class="card inquiry"
    tabindex="-1"
    data-inquiry=${inquiry_id}
    aria-label=${`${who} ${verb}: ${visibleText(question)}`}
  >
    <div class="card-head">
      <span class="card-who">${safeText(who)}</span>
      <span class="card-task">${verb}</span>
      <span class="card-when">${moment(inquiry.asked_at, state.now)}</span>
    </div>
    <p class="inquiry-question">${icon('comment-discussion')}<span>${safeText(question)}</span></p>
    ${choices(context, inquiry)} ${ownWords(context, inquiry)}
    <div class="inquiry-foot" data-guard=${`${inquiry_id}/foot`}>
      ${byVoice(context, inquiry)}
      <button
        type="button"
        class="quiet-button"
        ?disabled=${!isConnected(state)}
        title="The agent is told that you will not answer"
        @click=${() => context.actions.declineInquiry(inquiry_id)}
      >
        No answer
      </button>
      <span class="inquiry-left" title="Then the agent is told that nobody answered"
        >${timeLeft(left)}</span
      >
    </div>
    ${remark(context, inquiry)}
  </article>`;
}

function choices({ state, actions }: ViewContext, inquiry: InquiryView): Drawn {
  if (inquiry.choices.length === 0) return nothing;
  const id = inquiry.inquiry_id;
  return html`<div class="inquiry-choices" role="group" aria-label="Choices" data-guard=${id}>
    ${inquiry.choices.map(
      (choice, at) =>
        html`<button
          type="button"
          class="inquiry-choice"
          ?disabled=${!isConnected(state)}
          @click=${() => actions.answerInquiry(id, { choice: at })}
        >
          ${safeText(choice)}
        </button>`,
    )}
  </div>`;
}

function ownWords({ state, actions }: ViewContext, inquiry: InquiryView): Drawn {
  if (!inquiry.free_text) return nothing;
  const send = (event: Event): void => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).querySelector('input');
    const text = field?.value.trim() ?? '';
    if (text !== '') actions.answerInquiry(inquiry.inquiry_id, { text });
  };
  const label = inquiry.choices.length === 0 ? 'Your answer' : 'Or in your own words';
  return html`<form class="say-form" @submit=${send}>
    <input
      type="text"
      class="say-input"
      autocomplete="off"
      maxlength="4096"
      placeholder=${label}
      aria-label=${label}
      ?disabled=${!isConnected(state)}
    />
    <button type="submit" class="icon-button" title="Send it (Enter)" aria-label="Send it">
      ${icon('arrow-up')}
    </button>
  </form>`;
}

/** Opens a talk turn for this answer alone. Whatever is said in it decides nothing. */
function byVoice({ state, actions }: ViewContext, inquiry: InquiryView): TemplateResult {
  const { voice } = state;
  const listens = isListening(voice) && voice.spoken?.inquiry_id === inquiry.inquiry_id;
  return html`<button
    type="button"
    class="quiet-button inquiry-talk ${listens ? 'is-on' : ''}"
    aria-pressed=${String(listens)}
    title=${listens ? 'Press when you have said it. Esc forgets it' : 'Opens the microphone for this answer'}
    ?disabled=${!isConnected(state) || !isGateOpen(voice) || (isListening(voice) && !listens)}
    @click=${() => (listens ? actions.talk('press') : actions.talkAnswer(inquiry.inquiry_id))}
  >
    ${icon(listens ? 'mic-filled' : 'mic')}${listens ? 'Listening…' : 'Say it'}
  </button>`;
}

/** Why the last click here did not count. */
function remark({ state }: ViewContext, { inquiry_id }: InquiryView): Drawn {
  const { blocked } = state.ui;
  return blocked?.id === inquiry_id
    ? html`<p class="remark" role="status">${icon('info')} ${blocked.why}</p>`
    : nothing;
}
