import { html, nothing, type TemplateResult } from 'lit';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { RunLine } from '../state/model.ts';
import type { EventLine } from '../words/event-line.ts';
import { callText } from '#schema/views/call-text.ts';
import { absoluteTime, duration } from '../words/time.ts';
import { visibleText } from '../words/visible.ts';
import { whoName } from '../words/who.ts';
import type { PanelActions } from './context.ts';
import { linkButton, printed, safeText } from './parts.ts';

/** The run of an event, if it has one. */
export const runOf = (event: StoredEvent): string | null =>
  event.run_id ?? (event.stream.stream_type === 'run' ? event.stream.stream_id : null);

function runRows(run: RunLine): [string, string][] {
  const outcome = [
    run.status.replaceAll('_', ' '),
    ...(run.exit_code === null ? [] : [`exit code ${run.exit_code}`]),
    ...(run.duration_ms === null ? [] : [duration(run.duration_ms)]),
    ...(run.error === null ? [] : [run.error]),
  ];
  return [
    ['Call', callText(run.call)],
    ['Asked by', run.who],
    ['Now', outcome.join(' · ')],
    ['Run', run.run_id],
  ];
}

/** Everything about one event, under its line. */
export function eventDetail(
  event: StoredEvent,
  line: EventLine,
  run: RunLine | null,
  actions: PanelActions,
): TemplateResult {
  const rows: [string, string][] = [
    ['When', absoluteTime(event.occurred_at)],
    ['Who', whoName(event.actor)],
    ['Event', `${event.event_type} · number ${event.seq}`],
    ...(run === null ? [] : runRows(run)),
  ];
  return html`<div class="event-detail">
    <p class="event-whole">${line.text}${line.aside === '' ? nothing : ` · ${line.aside}`}</p>
    <dl class="pairs">
      ${rows.map(
        ([term, words]) =>
          html`<dt>${term}</dt>
            <dd>${visibleText(words)}</dd>`,
      )}
    </dl>
    ${printed(run?.printed ?? null)}
    <pre class="event-json" tabindex="0" aria-label="The event's data">
${safeText(JSON.stringify(event.data, null, 2))}</pre>
    ${linkButton('Open in an editor', () => actions.openEvent(event.seq))}
  </div>`;
}
