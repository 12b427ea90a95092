import { html, nothing, type TemplateResult } from 'lit';
import type { PanelState, Tab } from '../state/model.ts';
import type { ViewContext } from './context.ts';
import { grantList } from './grants.ts';
import { icon } from './parts.ts';
import { scheduleList } from './schedules.ts';
import { timelineList } from './timeline.ts';

interface TabRow {
  readonly id: Tab;
  readonly title: string;
  /** Stands for the title where there is no room for six of them. */
  readonly icon: string;
  readonly count: (state: PanelState) => number;
}

const tabs: readonly TabRow[] = [
  { id: 'timeline', title: 'Timeline', icon: 'history', count: () => 0 },
  {
    id: 'schedules',
    title: 'Scheduled',
    icon: 'calendar',
    count: ({ schedule }) => schedule.tasks.filter((task) => task.status === 'active').length,
  },
  {
    id: 'grants',
    title: 'Permissions',
    icon: 'bookmark',
    count: (state) => state.grants.filter((grant) => grant.status === 'active').length,
  },
  {
    id: 'agents',
    title: 'Agents',
    icon: 'robot',
    count: (state) => state.agents.filter((agent) => agent.status === 'active').length,
  },
  { id: 'servers', title: 'Servers', icon: 'server', count: () => 0 },
  { id: 'voice', title: 'Voice', icon: 'mic', count: () => 0 },
];

/** What happened, what will by the clock, what is allowed for good, who asks, and whose tools there are. */
export function lower(context: ViewContext): TemplateResult {
  const { state } = context;
  if (!state.loaded && state.events.length === 0)
    return html`<section class="lower lower-empty"></section>`;
  return html`<section class="lower">
    <div class="tab-bar">
      <div
        class="tabs"
        role="tablist"
        aria-label="More"
        @keydown=${(event: KeyboardEvent) => moveTab(event, context)}
      >
        ${tabs.map((tab) => tabButton(tab, context))}
      </div>
      ${state.ui.tab === 'timeline' ? html`${searchSwitch(context)}${everythingSwitch(context)}` : nothing}
    </div>
    <div class="tab-panel" id="tab-panel" role="tabpanel" aria-labelledby="tab-${state.ui.tab}">
      ${tabBody(context)}
    </div>
  </section>`;
}

function tabButton(
  { id, title, icon: picture, count }: TabRow,
  { state, actions }: ViewContext,
): TemplateResult {
  const on = state.ui.tab === id;
  const number = count(state);
  return html`<button
    type="button"
    role="tab"
    id="tab-${id}"
    class="tab"
    title=${number > 0 ? `${title} (${number})` : title}
    aria-selected=${String(on)}
    aria-controls="tab-panel"
    tabindex=${on ? 0 : -1}
    @click=${() => actions.dispatch({ kind: 'tab', tab: id })}
  >
    ${icon(picture)}<span class="tab-title">${title}</span
    >${number > 0 ? html` <span class="tab-count">${number}</span>` : nothing}
  </button>`;
}

function searchSwitch({ state, actions }: ViewContext): TemplateResult {
  const on = state.ui.search !== null;
  const label = on ? 'Close the search' : 'Search the timeline (Ctrl+F)';
  const act = (): void =>
    on ? actions.dispatch({ kind: 'search', text: null }) : actions.openSearch();
  return html`<button
    type="button"
    id="timeline-search-open"
    class="icon-button"
    title=${label}
    aria-label=${label}
    aria-expanded=${String(on)}
    aria-pressed=${String(on)}
    @click=${act}
  >
    ${icon('search')}
  </button>`;
}

function everythingSwitch({ state, actions }: ViewContext): TemplateResult {
  const { everything } = state.ui;
  const label = everything ? 'Show only what matters' : 'Show every event';
  return html`<button
    type="button"
    class="icon-button"
    title=${label}
    aria-label=${label}
    aria-pressed=${String(everything)}
    @click=${() => actions.dispatch({ kind: 'everything', on: !everything })}
  >
    ${icon(everything ? 'list-tree' : 'list-filter')}
  </button>`;
}

/** Arrows move between tabs, and must not also move between cards. */
function moveTab(event: KeyboardEvent, { state, actions }: ViewContext): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const at = tabs.findIndex(({ id }) => id === state.ui.tab);
  const next = tabs[(at + step + tabs.length) % tabs.length];
  if (next === undefined) return;
  actions.dispatch({ kind: 'tab', tab: next.id });
  (event.currentTarget as HTMLElement).querySelector<HTMLElement>(`#tab-${next.id}`)?.focus();
}

function tabBody(context: ViewContext): TemplateResult {
  switch (context.state.ui.tab) {
    case 'timeline':
      return context.state.ui.search === null
        ? timeline(context)
        : context.tabs.search.draw(context.state);
    case 'schedules':
      return scheduleList(context);
    case 'grants':
      return grantList(context);
    case 'agents':
    case 'servers':
    case 'voice':
      return context.tabs[context.state.ui.tab].draw(context.state);
  }
}

function timeline({ state, actions }: ViewContext): TemplateResult {
  if (state.loaded && state.events.length === 0) {
    return html`<p class="empty">
      ${icon('history')} Nothing happened yet. Everything that does is listed here and can be proved
      later.
    </p>`;
  }
  const { events, complete } = state;
  return timelineList(state, { events, complete, actions, older: () => actions.readOlder() });
}
