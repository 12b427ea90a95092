import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { FormField } from '#schema/views/form-field.ts';
import type { InquiryView } from '#schema/views/inquiry.ts';
import type { PanelState } from '../state/model.ts';
import { isConnected, serverQuestionsOf } from '../state/select.ts';
import { icon, moment, safeText, type Drawn } from '../views/parts.ts';
import { timeLeft } from '../words/time.ts';
import { visibleText } from '../words/visible.ts';
import { whoName } from '../words/who.ts';
import { fieldOf } from './field.ts';
import type { Standing } from './fields.ts';

/** What a person has typed so far, and what the host said of it. */
export interface Draft {
  readonly standing: Standing;
  readonly problem: string | null;
  readonly sending: boolean;
}

/** What can be done with a question. */
export interface QuestionHands {
  draft(inquiry: InquiryView): Draft;
  change(inquiry: InquiryView, field: FormField, value: Standing[string]): void;
  send(inquiry: InquiryView): Promise<void>;
  decline(inquiry: InquiryView, dismiss: boolean): void;
}

/** Every word between these is a server's: the card says so before it says what. */
export const questionCards = (state: PanelState, questions: QuestionHands): TemplateResult =>
  html`${repeat(
    serverQuestionsOf(state),
    ({ inquiry_id }) => inquiry_id,
    (inquiry) => card(state, questions, inquiry),
  )}`;

function card(state: PanelState, questions: QuestionHands, inquiry: InquiryView): TemplateResult {
  const { inquiry_id, requester, question, asked_at, expires_at, kind } = inquiry;
  const who = whoName(requester);
  const verb = kind === 'link' ? 'wants you to open a page' : 'asks you';
  return html`<article
    class="card inquiry server-question"
    tabindex="-1"
    data-inquiry=${inquiry_id}
    aria-label=${`${who} ${verb}: ${visibleText(question)}`}
  >
    <div class="card-head">
      <span class="card-who">${safeText(who)}</span>
      <span class="card-task">${verb}</span>
      <span class="card-when">${moment(asked_at, state.now)}</span>
    </div>
    ${origin(inquiry)}
    <p class="inquiry-question server-question-words">
      ${icon('plug')}<span>${safeText(question)}</span>
    </p>
    ${kind === 'link' ? link(state, questions, inquiry) : form(state, questions, inquiry)}
    <div class="inquiry-foot" data-guard=${`${inquiry_id}/foot`}>
      ${way(state, 'Decline', 'The server is told that you do not want to', () => questions.decline(inquiry, false))}
      ${way(state, 'Put away', 'The server is told that you chose nothing', () => questions.decline(inquiry, true))}
      <span class="inquiry-left" title="Then the server is told that nobody answered"
        >${timeLeft(Date.parse(expires_at) - state.now)}</span
      >
    </div>
  </article>`;
}

const origin = ({ during }: InquiryView): Drawn =>
  during === undefined
    ? nothing
    : html`<p class="server-origin">
        An external MCP server, while ${safeText(during.caller)} calls
        <code>${safeText(during.tool)}</code>. Nothing is allowed by an answer.
      </p>`;

const way = (state: PanelState, words: string, title: string, act: () => void): TemplateResult =>
  html`<button
    type="button"
    class="quiet-button"
    title=${title}
    ?disabled=${!isConnected(state)}
    @click=${act}
  >
    ${words}
  </button>`;

function form(state: PanelState, questions: QuestionHands, inquiry: InquiryView): TemplateResult {
  const { fields = [], inquiry_id } = inquiry;
  const { standing } = questions.draft(inquiry);
  const change = (field: FormField) => (value: string | boolean | readonly string[]) =>
    questions.change(inquiry, field, value);
  return html`<form
    class="form question-form"
    novalidate
    @submit=${(event: Event) => {
      event.preventDefault();
      void questions.send(inquiry);
    }}
  >
    ${fields.map((field) => fieldOf(inquiry_id, field, standing[field.name], change(field)))}
    ${
      fields.some(({ input }) => input.type === 'text')
        ? html`<p class="server-origin">
            ${icon('shield')} Type no password, key or card number: a server may not ask for one
            here.
          </p>`
        : nothing
    }
    ${send(state, questions, inquiry, `Send to ${visibleText(inquiry.requester.display)}`)}
  </form>`;
}

/** Its host first and whole: that is what a person has to know. */
function link(state: PanelState, questions: QuestionHands, inquiry: InquiryView): TemplateResult {
  const { origin: place, host } = new URL(inquiry.url ?? 'about:blank');
  const rest = (inquiry.url ?? '').slice(place.length);
  return html`<form
    class="form question-form"
    @submit=${(event: Event) => {
      event.preventDefault();
      void questions.send(inquiry);
    }}
  >
    <p class="question-address"><b>${safeText(place)}</b>${safeText(rest)}</p>
    ${send(state, questions, inquiry, `Open ${host} in the browser`)}
  </form>`;
}

function send(
  state: PanelState,
  questions: QuestionHands,
  inquiry: InquiryView,
  words: string,
): TemplateResult {
  const { problem, sending } = questions.draft(inquiry);
  const { blocked } = state.ui;
  const why = blocked?.id === inquiry.inquiry_id ? blocked.why : problem;
  return html`<div class="question-send" data-guard=${inquiry.inquiry_id}>
      <button
        type="submit"
        class="quiet-button question-submit"
        ?disabled=${!isConnected(state)}
        aria-disabled=${String(sending)}
      >
        ${icon(inquiry.kind === 'link' ? 'link-external' : 'arrow-up')}${words}
      </button>
    </div>
    <div aria-live="polite">
      ${why === null ? nothing : html`<p class="remark">${icon('info')} ${why}</p>`}
    </div>`;
}
