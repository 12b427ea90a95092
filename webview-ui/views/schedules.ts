import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { isOwn } from '#schema/views/schedule-order.ts';
import { actionText, triggerText } from '#schema/views/schedule-text.ts';
import type { SlotView, TaskView } from '#schema/views/task.ts';
import { listed, type OpenTask } from '../state/schedule.ts';
import { slotsText, slotText, standing } from '../words/schedule.ts';
import type { ViewContext } from './context.ts';
import { icon, linkButton, safeText, type Drawn } from './parts.ts';
import { scheduleForm, times } from './schedule-form.ts';

const EXAMPLE = 'run the tests every weekday at nine';

/** What happens by the clock: when next, how it went, and the hands on it. */
export function scheduleList(context: ViewContext): TemplateResult {
  const { state, actions } = context;
  const { tasks } = state.schedule;
  const example = linkButton(`“${EXAMPLE}”`, () =>
    actions.dispatch({ kind: 'draft', text: EXAMPLE }),
  );
  return html`${
    tasks.some(isOwn)
      ? nothing
      : html`<p class="empty">
          ${icon('calendar')} Nothing ${tasks.length === 0 ? '' : 'of yours '}is scheduled. Type,
          for example: ${example}
        </p>`
  }
  ${list(context, 'Your schedules', isOwn)}
  ${
    tasks.every(isOwn)
      ? nothing
      : html`<h2 class="list-head">Upkeep of Hob itself</h2>
          ${list(context, 'Upkeep of Hob itself', (task) => !isOwn(task))}`
  }`;
}

function list(
  context: ViewContext,
  name: string,
  isIn: (task: TaskView) => boolean,
): TemplateResult {
  const { schedule } = context.state;
  return html`<ul class="list schedules" aria-label=${name}>
    ${repeat(
      listed(schedule).filter(isIn),
      ({ task_id }) => task_id,
      (task) => row(context, task, schedule.tasks.includes(task)),
    )}
  </ul>`;
}

/** How the last run ended, where that says more than the standing does. */
const lastIcons: Readonly<Record<string, string>> = {
  succeeded: 'pass',
  failed: 'error',
  denied: 'circle-slash',
  cancelled: 'circle-slash',
  interrupted: 'warning',
  skipped: 'debug-step-over',
};

/** The same element whether it is there or deleted: the keyboard finds its own row again, whoever had it back. */
function row(context: ViewContext, task: TaskView, isThere: boolean): TemplateResult {
  const failed = task.last_result?.outcome === 'failed' ? 'is-failed' : '';
  return html`<li
    class="item schedule ${isThere ? `is-${task.status} ${failed}` : 'is-removed'}"
    data-task=${task.task_id}
  >
    ${isThere ? taskItem(context, task) : removedItem(context, task)}
  </li>`;
}

/** In the place of what was deleted, for as long as that can be taken back. */
const removedItem = ({ actions }: ViewContext, { task_id, name }: TaskView): TemplateResult =>
  html`${icon('trash')}
    <span class="schedule-words" id="removed-${task_id}">Deleted: ${safeText(name)}</span>
    <button
      type="button"
      class="quiet-button"
      data-hand="undo"
      aria-describedby="removed-${task_id}"
      @click=${() => actions.schedule.undoRemove(task_id)}
    >
      ${icon('discard')}Undo
    </button>`;

function taskItem(context: ViewContext, task: TaskView): TemplateResult {
  const { state, actions } = context;
  const { open } = state.schedule;
  const isOpen = open?.task_id === task.task_id;
  const last = task.last_result?.outcome;
  const picture =
    task.status === 'paused' ? 'debug-pause' : last === undefined ? 'calendar' : lastIcons[last];
  return html`<button
      type="button"
      class="schedule-line"
      aria-expanded=${String(isOpen)}
      @click=${() => actions.schedule.toggle(task.task_id)}
    >
      ${icon(picture ?? 'calendar')}
      <span class="schedule-words">
        <span>${safeText(task.name)}</span>
        <span class="item-aside"
          >${triggerText(task.trigger, task.zone, state.now)} · ${standing(task, state.now)}</span
        >
      </span>
      ${icon(isOpen ? 'chevron-up' : 'chevron-down')}
    </button>
    ${isOpen ? detail(context, task, open) : nothing}`;
}

function detail(context: ViewContext, task: TaskView, open: OpenTask): TemplateResult {
  const { state } = context;
  const { edit } = state.schedule;
  if (edit?.task_id === task.task_id) return scheduleForm(context, task, edit);
  const { next, slots } = open.detail ?? { next: [], slots: [] };
  return html`<div class="schedule-detail">
    <dl class="pairs">
      <dt>Does</dt>
      <dd>${safeText(actionText(task.action))}</dd>
      <dt>Clock</dt>
      <dd>${task.zone}</dd>
      <dt>Made by</dt>
      <dd>${isOwn(task) ? safeText(task.maker.display) : 'Hob itself'}</dd>
      ${
        task.paused_reason === null
          ? nothing
          : html`<dt>Paused</dt>
              <dd>${safeText(task.paused_reason)}</dd>`
      }
      ${
        next.length === 0
          ? nothing
          : html`<dt>Next</dt>
              <dd>${times(next, task.zone)}</dd>`
      }
    </dl>
    ${open.detail === null ? html`<p class="item-aside">${icon('loading', 'spin')} Reading what became of it</p>` : past(slots, task)}
    ${hands(context, task, open)}
  </div>`;
}

const BAR = 6;
const GAP = 2;
const HEIGHT = 18;
const SHOWN = 30;

/** Heights tell the outcomes apart for who does not see the colours. */
const heights: Readonly<Record<SlotView['status'], number>> = {
  succeeded: 1,
  running: 0.7,
  retrying: 0.7,
  waiting_for_approval: 0.7,
  needs_user_action: 0.7,
  failed: 0.5,
  interrupted: 0.5,
  denied: 0.35,
  cancelled: 0.35,
  skipped: 0.15,
};

/** The last runs from left to right, then in words those that did not go well. */
function past(slots: readonly SlotView[], task: TaskView): TemplateResult {
  const shown = slots.slice(0, SHOWN).toReversed();
  const words = slotsText(shown);
  const notable = slots.filter(({ status }) => status !== 'succeeded').slice(0, 5);
  return html`<div class="schedule-past">
    <span class="item-aside">${words}</span>
    ${
      shown.length === 0
        ? nothing
        : html`<svg
            class="schedule-picture"
            viewBox="0 0 ${SHOWN * (BAR + GAP)} ${HEIGHT}"
            role="img"
            aria-label="${words}, from left to right"
          >
            ${shown.map((slot, i) => bar(slot, i, task.zone))}
          </svg>`
    }
    ${
      notable.length === 0
        ? nothing
        : html`<ul class="schedule-notable">
            ${notable.map((slot) => html`<li>${safeText(slotText(slot, task.zone))}</li>`)}
          </ul>`
    }
  </div>`;
}

function bar(slot: SlotView, at: number, zone: string): SVGTemplateResult {
  const height = Math.round(HEIGHT * heights[slot.status]);
  return svg`<rect class="slot slot-${slot.status}" x=${at * (BAR + GAP)} y=${HEIGHT - height} width=${BAR} height=${height}><title>${slotText(slot, zone)}</title></rect>`;
}

function hands({ actions }: ViewContext, task: TaskView, open: OpenTask): Drawn {
  const { task_id, status, builtin } = task;
  const act = actions.schedule;
  const button = (
    name: string,
    text: string,
    press: () => void,
    waits = false,
    guard?: string,
  ): TemplateResult =>
    html`<button
      type="button"
      class="quiet-button"
      data-hand=${name}
      data-guard=${guard ?? nothing}
      aria-disabled=${String(waits)}
      @click=${press}
    >
      ${icon(name)}${text}
    </button>`;
  // One button with two faces: the keyboard stays on it when the other one shows.
  const pause =
    status === 'paused'
      ? button(
          'debug-continue',
          'Resume',
          () => act.setPaused(task_id, false),
          false,
          `${task_id}/resume`,
        )
      : button('debug-pause', 'Pause', () => act.setPaused(task_id, true));
  return html`<div class="item-acts" role="group" aria-label=${task.name}>
    ${status === 'done' ? nothing : button('play', 'Run now', () => act.runNow(task_id))}
    ${status === 'done' ? nothing : pause}
    ${status === 'done' ? nothing : button('edit', 'Edit', () => act.edit(task_id))}
    ${builtin === null ? button('trash', 'Delete', () => act.remove(task), open.deleting) : nothing}
  </div>`;
}
