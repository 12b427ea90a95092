import { html, nothing, type TemplateResult } from 'lit';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { EventLine } from '../words/event-line.ts';
import { absoluteTime } from '../words/time.ts';
import { visibleText } from '../words/visible.ts';
import { whoName } from '../words/who.ts';
import type { PanelActions } from './context.ts';
import { linkButton, safeText } from './parts.ts';

/** Everything about one event, under its line. */
export function eventDetail(
  event: StoredEvent,
  line: EventLine,
  actions: PanelActions,
): TemplateResult {
  const rows: [string, string][] = [
    ['When', absoluteTime(event.occurred_at)],
    ['Who', whoName(event.actor)],
    ['Event', `${event.event_type} · number ${event.seq}`],
    ...(event.run_id === null ? [] : [['Run', event.run_id] as [string, string]]),
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
    <pre class="event-json" tabindex="0" aria-label="The event's data">
${safeText(JSON.stringify(event.data, null, 2))}</pre>
    ${linkButton('Open in an editor', () => actions.openEvent(event.seq))}
  </div>`;
}
