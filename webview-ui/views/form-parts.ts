import { html, nothing, type TemplateResult } from 'lit';
import type { TaskFields } from '../schedule/task-fields.ts';

type Named<T> = { [K in keyof TaskFields]: TaskFields[K] extends T ? K : never }[keyof TaskFields];

/** The inputs of a form over fields: each shows its field and says what becomes of it. */
export interface FormParts {
  text(label: string, name: Named<string>, hint?: string): TemplateResult;
  /** `also`: what else is another one when another choice is made. */
  choice(
    label: string,
    name: keyof TaskFields,
    options: Readonly<Record<string, string>>,
    also?: Partial<TaskFields>,
  ): TemplateResult;
  tick(label: string, name: Named<boolean>): TemplateResult;
}

export const formParts = (
  fields: TaskFields,
  change: (fields: Partial<TaskFields>) => void,
): FormParts => ({
  text: (label, name, hint) =>
    html`<label class="field">
      <span>${label}</span>
      <input
        type="text"
        spellcheck="false"
        placeholder=${hint ?? nothing}
        .value=${fields[name]}
        @input=${(event: Event) => change({ [name]: (event.target as HTMLInputElement).value })}
      />
    </label>`,
  choice: (label, name, options, also = {}) =>
    html`<label class="field">
      <span>${label}</span>
      <select
        @change=${(event: Event) => change({ ...also, [name]: (event.target as HTMLSelectElement).value })}
      >
        ${Object.entries(options).map(
          ([value, text]) =>
            html`<option value=${value} ?selected=${value === fields[name]}>${text}</option>`,
        )}
      </select>
    </label>`,
  tick: (label, name) =>
    html`<label class="field-tick">
      <input
        type="checkbox"
        .checked=${fields[name]}
        @change=${(event: Event) => change({ [name]: (event.target as HTMLInputElement).checked })}
      />
      <span>${label}</span>
    </label>`,
});
