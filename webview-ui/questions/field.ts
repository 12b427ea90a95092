import { html, nothing, type TemplateResult } from 'lit';
import type { FormField, FormInput } from '#schema/views/form-field.ts';
import { safeText, type Drawn } from '../views/parts.ts';
import { visibleText } from '../words/visible.ts';
import type { Standing } from './fields.ts';

type Stands = Standing[string] | undefined;
type Change = (value: Standing[string]) => void;
type Choice = Extract<FormInput, { type: 'choice' }>;

/** More choices than these are a list that opens. */
const LAID_OUT = 4;
const NO_ANSWER = 'No answer';

/** One field with its label; what is wrong with it the host says when it is sent. */
export function fieldOf(
  inquiryId: string,
  field: FormField,
  stands: Stands,
  change: Change,
): TemplateResult {
  const { input, label, name } = field;
  const id = `${inquiryId}-${name}`;
  if (input.type === 'tick')
    return html`<div class="field">
      <label class="field-tick">
        <input
          type="checkbox"
          aria-describedby=${field.hint === null ? nothing : `${id}-hint`}
          .checked=${stands === true}
          @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}
        />
        <span>${safeText(label)}</span>
      </label>
      ${hint(id, field)}
    </div>`;
  const isLaidOut = input.type === 'choice' && (input.many || input.options.length <= LAID_OUT);
  if (isLaidOut)
    return html`<fieldset
      class="field"
      aria-describedby=${field.hint === null ? nothing : `${id}-hint`}
    >
      <legend>${named(field)}</legend>
      ${optionsOf(field, input).map((option) => picked(id, input, option, stands, change))}
      ${hint(id, field)}
    </fieldset>`;
  return html`<div class="field">
    <label for=${id}>${named(field)}</label>
    ${input.type === 'choice' ? list(id, field, input, stands, change) : typed(id, field, stands, change)}
    ${hint(id, field)}
  </div>`;
}

/** One that is picked cannot be picked off again, so leaving it out is one of the ways to answer. */
const optionsOf = ({ required }: FormField, { many, options }: Choice): Choice['options'] =>
  many || required ? options : [...options, { value: '', title: NO_ANSWER }];

const named = ({ label, required }: FormField): TemplateResult =>
  html`${safeText(label)}${required ? nothing : html` <small>optional</small>`}`;

const hint = (id: string, { hint: words }: FormField): Drawn =>
  words === null ? nothing : html`<small id="${id}-hint">${safeText(words)}</small>`;

const placeholders = {
  email: 'name@example.org',
  uri: 'https://…',
  date: '2026-03-31',
  'date-time': '2026-03-31T09:00:00Z',
} as const;

function typed(id: string, field: FormField, stands: Stands, change: Change): TemplateResult {
  const { input, required } = field;
  const format = input.type === 'text' ? input.format : null;
  return html`<input
    id=${id}
    type="text"
    autocomplete="off"
    inputmode=${input.type === 'number' ? 'decimal' : nothing}
    placeholder=${format === null ? nothing : placeholders[format]}
    aria-required=${String(required)}
    aria-describedby=${field.hint === null ? nothing : `${id}-hint`}
    .value=${typeof stands === 'string' ? stands : ''}
    @input=${(event: Event) => change((event.target as HTMLInputElement).value)}
  />`;
}

function list(
  id: string,
  field: FormField,
  { options }: Choice,
  stands: Stands,
  change: Change,
): TemplateResult {
  return html`<select
    id=${id}
    aria-required=${String(field.required)}
    aria-describedby=${field.hint === null ? nothing : `${id}-hint`}
    @change=${(event: Event) => change((event.target as HTMLSelectElement).value)}
  >
    <option value="" ?selected=${stands === ''}>${field.required ? 'Choose' : NO_ANSWER}</option>
    ${options.map(
      ({ value, title }) =>
        html`<option value=${value} ?selected=${value === stands}>${visibleText(title)}</option>`,
    )}
  </select>`;
}

function picked(
  id: string,
  { many }: Choice,
  { value, title }: Choice['options'][number],
  stands: Stands,
  change: Change,
): TemplateResult {
  const chosen = Array.isArray(stands) ? (stands as readonly string[]) : [];
  const pick = (event: Event): void => {
    const { checked } = event.target as HTMLInputElement;
    if (!many) return change(value);
    const others = chosen.filter((one) => one !== value);
    change(checked ? [...others, value] : others);
  };
  return html`<label class="field-tick">
    <input
      type=${many ? 'checkbox' : 'radio'}
      name=${id}
      .checked=${many ? chosen.includes(value) : stands === value}
      @change=${pick}
    />
    <span>${safeText(title)}</span>
  </label>`;
}
