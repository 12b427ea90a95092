import { html, nothing, type TemplateResult } from 'lit';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { RunView } from '#schema/views/run.ts';
import type { ServerView } from '#schema/views/server.ts';
import { icon, safeText, type Drawn } from '../../views/parts.ts';
import { failureText } from '../../words/failure.ts';
import { trialFields } from '../evolve.ts';
import type { OpenServer, Trial } from '../model.ts';
import { WHOLE, type ToolField } from '../tool-fields.ts';
import { answerText, runText } from '../words.ts';
import type { ServersActions, ServersContext } from './context.ts';

/** A form over a tool's schema. What it sends is a call like any other: the gate asks first. */
export function tryForm(
  { act }: ServersContext,
  server: ServerView,
  open: OpenServer,
): TemplateResult {
  const { trial } = open;
  if (trial === null) return html``;
  const fields = trialFields(open);
  return html`<form
    class="form try-form"
    aria-label="Try ${server.name}/${trial.tool}"
    @submit=${(event: Event) => {
      event.preventDefault();
      act.call();
    }}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === 'Escape') act.setTrial(null);
    }}
  >
    ${trial.whole || fields === null ? field(act, trial, wholeField) : fields.map((one) => field(act, trial, one))}
    ${fields?.length === 0 && !trial.whole ? html`<p class="item-aside">It takes no arguments.</p>` : nothing}
    <div class="item-acts">
      <button
        type="submit"
        class="quiet-button"
        aria-disabled=${String(trial.asked.step === 'sending')}
      >
        ${icon('play')}Call it
      </button>
      ${fields === null ? nothing : wholeSwitch(act, trial)}
      <button type="button" class="quiet-button" @click=${() => act.setTrial(null)}>
        ${icon('close')}Close
      </button>
    </div>
    <div class="try-outcome" aria-live="polite">${outcome(act, trial)}</div>
  </form>`;
}

const wholeField: ToolField = {
  name: WHOLE,
  kind: 'json',
  label: 'Arguments, as JSON',
  hint: null,
  required: true,
  options: [],
  initial: '{}',
};

const wholeSwitch = (act: ServersActions, { whole }: Trial): TemplateResult =>
  html`<button
    type="button"
    class="quiet-button"
    aria-pressed=${String(whole)}
    @click=${() => act.dispatch({ kind: 'trial_whole', on: !whole })}
  >
    ${icon('json')}${whole ? 'As fields' : 'As JSON'}
  </button>`;

const kindHints: Readonly<Record<ToolField['kind'], string>> = {
  text: '',
  number: 'number',
  integer: 'whole number',
  choice: '',
  json: 'JSON',
};

function field(act: ServersActions, trial: Trial, one: ToolField): TemplateResult {
  const problem = trial.problems.get(one.name);
  const notes = [one.required ? '' : 'optional', kindHints[one.kind]].filter(Boolean).join(', ');
  const id = `try-${one.name}`;
  return html`<div class="field">
    <label for=${id}
      >${safeText(one.label)}${notes === '' || one.name === WHOLE ? nothing : html` <span class="item-aside">(${notes})</span>`}</label
    >
    ${input(act, trial, one, id, problem !== undefined)}
    ${one.hint === null ? nothing : html`<span class="item-aside" id="${id}-hint">${safeText(one.hint)}</span>`}
    ${problem === undefined ? nothing : html`<span class="is-error" id="${id}-wrong" role="alert">${icon('warning')} ${problem}</span>`}
  </div>`;
}

function input(
  act: ServersActions,
  { values }: Trial,
  { name, kind, options, hint, required }: ToolField,
  id: string,
  isWrong: boolean,
): TemplateResult {
  const value = values.get(name) ?? '';
  const write = (event: Event): void =>
    act.dispatch({
      kind: 'trial_value',
      field: name,
      text: (event.target as HTMLInputElement).value,
    });
  const told = [isWrong ? `${id}-wrong` : '', hint === null ? '' : `${id}-hint`].filter(Boolean);
  const describedBy = told.length === 0 ? nothing : told.join(' ');
  const invalid = isWrong ? 'true' : nothing;
  switch (kind) {
    case 'choice':
      return html`<select
        id=${id}
        aria-describedby=${describedBy}
        aria-invalid=${invalid}
        @change=${write}
      >
        <option value="" ?selected=${value === ''}>${required ? 'choose…' : 'leave out'}</option>
        ${options.map((option) => html`<option value=${option} ?selected=${option === value}>${optionWords(option)}</option>`)}
      </select>`;
    case 'json':
      return html`<textarea
        id=${id}
        rows=${name === WHOLE ? 5 : 2}
        spellcheck="false"
        aria-describedby=${describedBy}
        aria-invalid=${invalid}
        .value=${value}
        @input=${write}
      ></textarea>`;
    default:
      return html`<input
        id=${id}
        type="text"
        inputmode=${kind === 'text' ? nothing : 'decimal'}
        spellcheck="false"
        aria-describedby=${describedBy}
        aria-invalid=${invalid}
        .value=${value}
        @input=${write}
      />`;
  }
}

/** A choice is JSON; text is shown without its quotation marks, and a yes or no as such. */
function optionWords(option: string): string {
  const value: unknown = JSON.parse(option);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : option;
}

function outcome(act: ServersActions, { asked }: Trial): Drawn {
  switch (asked.step) {
    case 'not-yet':
      return nothing;
    case 'sending':
      return html`<p>${icon('loading', 'spin')} Asking</p>`;
    case 'refused':
      return html`<p class="is-error">${icon('error')} ${failureText(asked.error)}</p>`;
    case 'run':
      return runOutcome(act, asked.run);
  }
}

const keptAs = ({ artifact_id: kept }: JsonObject): string =>
  typeof kept === 'string' ? kept : 'nothing: it could not be written';

function runOutcome(act: ServersActions, run: RunView): TemplateResult {
  const { status, result, approval_id, run_id } = run;
  const isBad = status === 'failed' || status === 'interrupted';
  const picture: Partial<Record<RunView['status'], string>> = {
    succeeded: 'pass',
    failed: 'error',
    interrupted: 'error',
    waiting_for_approval: 'question',
  };
  return html`<p class=${isBad ? 'is-error' : ''}>
      ${icon(picture[status] ?? 'circle-slash')} ${runText(run)}
    </p>
    ${
      result === null
        ? nothing
        : html`<pre class="event-json try-answer" tabindex="0" aria-label="Its answer">
${safeText(answerText(result))}</pre>`
    }
    ${result?.['truncated'] === true ? html`<p class="item-aside">It was longer. The whole of it is kept as ${keptAs(result)}.</p>` : nothing}
    ${
      status === 'waiting_for_approval' && approval_id !== null
        ? html`<div class="item-acts">
            <button
              type="button"
              class="quiet-button"
              @click=${() => act.panel({ kind: 'focus_approval', approval_id })}
            >
              ${icon('arrow-up')}Show the card
            </button>
          </div>`
        : nothing
    }
    ${
      status === 'running'
        ? html`<div class="item-acts">
            <button type="button" class="quiet-button" @click=${() => act.cancelCall(run_id)}>
              ${icon('debug-stop')}Stop it
            </button>
          </div>`
        : nothing
    }`;
}
