import { html, type TemplateResult } from 'lit';
import type { WireError } from '#schema/envelope/errors.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { PanelState } from '../state/model.ts';
import { isConnected } from '../state/select.ts';
import type { PanelActions } from '../views/context.ts';
import { icon, iconButton, linkButton, type Drawn } from '../views/parts.ts';
import { timelineList } from '../views/timeline.ts';
import { failureText } from '../words/failure.ts';

/** What is looked for, what was found, and the hands on it. */
export interface SearchSeen {
  readonly text: string;
  readonly events: readonly StoredEvent[];
  /** How many of them are more than bookkeeping. */
  readonly matters: number;
  readonly asking: boolean;
  readonly complete: boolean;
  readonly error: WireError | null;
  readonly actions: PanelActions;
  type(text: string): void;
  close(): void;
  older(): void;
  export(): void;
}

/** The field, how much was found in words, and the matching part of the timeline. */
export function searchView(panel: PanelState, seen: SearchSeen): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    seen.close();
  };
  return html`<div class="search">
    <div class="search-row" role="search" aria-label="Search the timeline" @keydown=${onKey}>
      <input
        type="text"
        id="timeline-search"
        class="search-input"
        autocomplete="off"
        spellcheck="false"
        maxlength="256"
        placeholder="Words of what happened"
        aria-label="Words of what happened"
        aria-describedby="search-found"
        .value=${seen.text}
        @input=${(event: Event) => seen.type((event.target as HTMLInputElement).value)}
      />
      ${iconButton('export', exportLabel(seen.text), () => seen.export())}
      ${iconButton('close', 'Close the search (Esc)', () => seen.close())}
    </div>
    <p class="search-found" id="search-found" role="status">${found(panel, seen)}</p>
    ${timelineList(panel, seen)}
  </div>`;
}

const exportLabel = (text: string): string =>
  text.trim() === ''
    ? 'Export the whole record to a file…'
    : 'Export what matches to a file, bookkeeping too…';

function found(panel: PanelState, seen: SearchSeen): Drawn | string {
  const { text, events, asking, complete, error } = seen;
  if (error !== null)
    return html`<span class="is-error">${icon('error')} ${failureText(error)}</span>`;
  if (text.trim() === '') return 'Every event that holds all of the words is listed.';
  if (!isConnected(panel)) return `${events.length} on show. The host cannot be asked now.`;
  if (asking && events.length === 0) return html`${icon('loading', 'spin')} Searching`;
  if (complete && events.length === 0) return `Nothing that was recorded matches “${text.trim()}”.`;
  return counted(panel, seen);
}

/** Bookkeeping is only listed when every event is. */
function counted(panel: PanelState, { events, matters, complete, actions }: SearchSeen): Drawn {
  const more = complete ? '' : ' or more';
  const quiet = panel.ui.everything ? 0 : events.length - matters;
  const shown = events.length - quiet;
  const all = linkButton('Show every event', () =>
    actions.dispatch({ kind: 'everything', on: true }),
  );
  if (shown === 0) return html`Only bookkeeping matches (${quiet}${more}). ${all}`;
  const words = `${shown}${more} ${shown === 1 ? 'event' : 'events'}`;
  return quiet === 0 ? html`${words}` : html`${words}, and ${quiet} of bookkeeping. ${all}`;
}
