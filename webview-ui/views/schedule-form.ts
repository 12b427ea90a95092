import { html, type TemplateResult } from 'lit';
import { momentText } from '#schema/views/schedule-text.ts';
import type { TaskEdit, TriggerKind } from '../state/schedule.ts';
import { failureText } from '../words/failure.ts';
import type { ViewContext } from './context.ts';
import { icon, type Drawn } from './parts.ts';

const kinds: Readonly<Record<TriggerKind, readonly [name: string, field: string]>> = {
  cron: ['By the clock', 'Minute, hour, day, month, weekday'],
  interval: ['Again and again', 'Every so many minutes'],
  once: ['Once', 'Day and time here'],
};

/** Moments on a clock of the zone, one on a line. */
export const times = (next: readonly string[], zone: string): TemplateResult =>
  html`<ol class="schedule-times">
    ${next.map((at) => html`<li><time datetime=${at}>${momentText(at, zone)}</time></li>`)}
  </ol>`;

/** Name and time of a schedule, with its next times while they are typed. */
export function scheduleForm(context: ViewContext, edit: TaskEdit): TemplateResult {
  const act = context.actions.schedule;
  const field = (label: string, value: string, name: 'name' | 'value' | 'zone'): TemplateResult =>
    html`<label class="field">
      <span>${label}</span>
      <input
        type="text"
        spellcheck="false"
        .value=${value}
        @input=${(event: Event) => act.change({ [name]: (event.target as HTMLInputElement).value })}
      />
    </label>`;
  return html`<form
    class="schedule-detail schedule-form"
    @submit=${(event: Event) => {
      event.preventDefault();
      act.save();
    }}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === 'Escape') act.closeEdit();
    }}
  >
    ${field('Name', edit.name, 'name')}
    ${
      edit.kind === null
        ? html`<p class="item-aside">It is due after an event. That stays as it is.</p>`
        : html`<label class="field">
              <span>When</span>
              <select
                @change=${(event: Event) => act.change({ kind: (event.target as HTMLSelectElement).value as TriggerKind, value: '' })}
              >
                ${(Object.keys(kinds) as TriggerKind[]).map(
                  (kind) =>
                    html`<option value=${kind} ?selected=${kind === edit.kind}>
                      ${kinds[kind][0]}
                    </option>`,
                )}
              </select>
            </label>
            ${field(kinds[edit.kind][1], edit.value, 'value')}
            ${field('Time zone', edit.zone, 'zone')}
            <div class="schedule-preview" aria-live="polite">${preview(edit)}</div>`
    }
    <div class="item-acts">
      <button
        type="submit"
        class="quiet-button"
        ?disabled=${edit.saving || edit.preview.step === 'wrong'}
      >
        ${icon('save')}Save
      </button>
      <button type="button" class="quiet-button" @click=${() => act.closeEdit()}>
        ${icon('discard')}Leave as it was
      </button>
    </div>
  </form>`;
}

function preview({ preview: shown, zone }: TaskEdit): Drawn {
  switch (shown.step) {
    case 'asking':
      return html`<p class="item-aside">${icon('loading', 'spin')} Working out the next times</p>`;
    case 'wrong':
      return html`<p class="is-error">${icon('warning')} ${failureText(shown.error)}</p>`;
    case 'next':
      return shown.next.length === 0
        ? html`<p class="is-error">${icon('warning')} It would never be due.</p>`
        : html`<span class="item-aside">The next times</span> ${times(shown.next, zone)}`;
  }
}
