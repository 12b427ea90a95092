import { html, nothing, type TemplateResult } from 'lit';
import { actionText, momentText } from '#schema/views/schedule-text.ts';
import type { TaskView } from '#schema/views/task.ts';
import {
  differences,
  fieldsOf,
  type ActionKind,
  type TaskFields,
  type TriggerKind,
} from '../schedule/task-fields.ts';
import { editedElsewhere, type TaskEdit } from '../state/schedule.ts';
import { failureText } from '../words/failure.ts';
import type { ViewContext } from './context.ts';
import { icon, linkButton, safeText, type Drawn } from './parts.ts';
import { formParts, type FormParts } from './form-parts.ts';

const dues: Readonly<Record<TriggerKind, readonly [name: string, field: string]>> = {
  cron: ['By the clock', 'Minute, hour, day, month, weekday'],
  interval: ['Again and again', 'Every so many minutes'],
  once: ['Once', 'Day and time here'],
};

const doings: Readonly<Record<ActionKind, readonly [name: string, field: string]>> = {
  command: ['Run a command', 'Command, without a shell'],
  sentence: ['What a sentence would do', 'Sentence'],
  reminder: ['Remind me', 'Message'],
};

const missings: Readonly<Record<TaskFields['missed'], string>> = {
  skip: 'Leave it out',
  run_once: 'Make up for it once',
  up_to: 'Make up for several',
};

const overlaps: Readonly<Record<TaskFields['overlap'], string>> = {
  skip: 'Leave the new one out',
  queue: 'Let the new one wait',
  cancel_old: 'Stop the old one',
};

const quietDues: Readonly<Record<TaskFields['quietDue'], string>> = {
  delay: 'Do it once when they are over',
  skip: 'Leave it out',
};

const named = <K extends string>(all: Readonly<Record<K, readonly [string, string]>>) =>
  Object.fromEntries(
    Object.entries<readonly [string, string]>(all).map(([kind, [name]]) => [kind, name]),
  );

/** Moments on a clock of the zone, one on a line. */
export const times = (next: readonly string[], zone: string): TemplateResult =>
  html`<ol class="schedule-times">
    ${next.map((at) => html`<li><time datetime=${at}>${momentText(at, zone)}</time></li>`)}
  </ol>`;

/** A schedule as its maker wrote it, with its next times while they are typed. */
export function scheduleForm(
  { state, actions }: ViewContext,
  task: TaskView,
  edit: TaskEdit,
): TemplateResult {
  const act = actions.schedule;
  const parts = formParts(edit.fields, (change) => act.change(change));
  const newer = editedElsewhere(state.schedule);
  const isOurs = task.builtin === null;
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
    ${newer === null ? nothing : conflict(edit, newer, act)}
    ${isOurs ? parts.text('Name', 'name') : nothing} ${whenPart(parts, edit)}
    ${isOurs ? whatPart(parts, edit, task) : html`<p class="item-aside">What comes with Hob can be moved and paused.</p>`}
    ${policies(parts, edit, isOurs)}
    ${edit.refused === null || newer !== null ? nothing : html`<p class="is-error" role="alert">${icon('warning')} ${failureText(edit.refused)}</p>`}
    ${
      newer === null
        ? nothing
        : html`<p class="is-error">
            ${icon('warning')}
            ${linkButton('Changed elsewhere: answer that first', () => act.toConflict())}
          </p>`
    }
    <div class="item-acts">
      <button
        type="submit"
        class="quiet-button"
        ?disabled=${edit.saving || edit.preview.step === 'wrong' || newer !== null}
      >
        ${icon('save')}Save
      </button>
      <button type="button" class="quiet-button" @click=${() => act.closeEdit()}>
        ${icon('discard')}Leave as it was
      </button>
    </div>
  </form>`;
}

/** Somebody else saved in the meantime: what was typed is still there. */
function conflict(
  { task_id, fields, base }: TaskEdit,
  newer: TaskView,
  act: ViewContext['actions']['schedule'],
): TemplateResult {
  const theirs = differences(base, fieldsOf(newer)).join(', ') || 'nothing that is shown here';
  const both = differences(base, fieldsOf(newer)).some((part) =>
    differences(base, fields).includes(part),
  );
  return html`<div class="schedule-conflict" role="alert">
    <p>
      ${icon('warning')} It was changed elsewhere while you typed: ${theirs}.
      ${both ? 'Where both changed the same, yours would be saved.' : ''}
    </p>
    <div class="item-acts">
      <button type="button" class="quiet-button" @click=${() => act.keepMine()}>
        ${icon('git-merge')}Keep what I typed
      </button>
      <button type="button" class="quiet-button" @click=${() => act.edit(task_id)}>
        ${icon('refresh')}Begin again
      </button>
    </div>
  </div>`;
}

function whenPart(parts: FormParts, edit: TaskEdit): TemplateResult {
  const { due } = edit.fields;
  if (due === null)
    return html`<p class="item-aside">It is due after an event. That stays as it is.</p>`;
  return html`${parts.choice('When', 'due', named(dues), { when: '' })}
    ${parts.text(dues[due][1], 'when')} ${parts.text('Time zone', 'zone')}
    <div class="schedule-preview" aria-live="polite">${preview(edit)}</div>`;
}

function whatPart(parts: FormParts, { fields }: TaskEdit, task: TaskView): TemplateResult {
  const { does } = fields;
  if (does === null)
    return html`<p class="item-aside">
      It does: ${safeText(actionText(task.action))}. That stays as it is.
    </p>`;
  return html`${parts.choice('What', 'does', named(doings))} ${parts.text(doings[does][1], 'what')}
  ${does === 'command' ? parts.text('In the folder', 'cwd', 'the first folder of its workspace') : nothing}`;
}

/** What is not looked at every day: folded, unless it says something else than usual. */
function policies(parts: FormParts, { fields }: TaskEdit, isOurs: boolean): TemplateResult {
  const own = html`${parts.choice('When it was missed', 'missed', missings, { missedCount: '3' })}
    ${fields.missed === 'up_to' ? parts.text('Up to how many', 'missedCount') : nothing}
    ${parts.choice('While the last one still runs', 'overlap', overlaps)}
    <div class="field-pair">
      ${parts.text('Tries', 'attempts')} ${parts.text('Seconds before the next', 'backoff')}
    </div>
    ${parts.text('Minutes it may take', 'timeout', 'as long as any command')}
    ${parts.tick('Running it twice does no harm', 'idempotent')}`;
  return html`<details>
    <summary>When it cannot run as planned</summary>
    ${isOurs ? own : nothing}
    <div class="field-pair">
      ${parts.text('Quiet from', 'quietFrom', '22:00')} ${parts.text('until', 'quietTo', '07:00')}
    </div>
    ${fields.quietFrom === '' ? nothing : parts.choice('Due in the quiet hours', 'quietDue', quietDues)}
  </details>`;
}

function preview({ preview: shown, fields }: TaskEdit): Drawn {
  switch (shown.step) {
    case 'asking':
      return html`<p class="item-aside">${icon('loading', 'spin')} Working out the next times</p>`;
    case 'wrong':
      return html`<p class="is-error">${icon('warning')} ${failureText(shown.error)}</p>`;
    case 'next':
      return shown.next.length === 0
        ? html`<p class="is-error">${icon('warning')} It would never be due.</p>`
        : html`<span class="item-aside">The next times</span> ${times(shown.next, fields.zone)}`;
  }
}
