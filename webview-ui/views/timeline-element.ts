/* oxlint-disable no-underscore-dangle -- what an adapter of the virtualiser must call is named so */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { eventLine, type EventLine, type Surroundings } from '../words/event-line.ts';
import { absoluteTime, relativeTime } from '../words/time.ts';
import type { PanelState } from '../state/model.ts';
import type { PanelActions } from './context.ts';
import { eventDetail, runOf } from './event-detail.ts';
import { icon } from './parts.ts';

interface TimelineRow {
  readonly event: StoredEvent;
  readonly line: EventLine;
}

const ROW_PX = 26;

/** What happened, one line an event. Only the rows in view are in the document. */
export class HobTimeline extends LitElement {
  static override properties = {
    events: { attribute: false },
    runs: { attribute: false },
    asked: { attribute: false },
    agents: { attribute: false },
    everything: { attribute: false },
    open: { attribute: false },
    now: { attribute: false },
    complete: { attribute: false },
    actions: { attribute: false },
    older: { attribute: false },
  };
  declare events: PanelState['events'];
  declare runs: PanelState['runs'];
  declare asked: PanelState['asked'];
  declare agents: PanelState['agents'];
  declare everything: boolean;
  declare open: number | null;
  declare now: number;
  declare complete: boolean;
  declare actions: PanelActions;
  /** Reads what is older than the last event here. */
  declare older: () => void;
  /** What is worth showing, in words; made again only when something it is made of changed. */
  #rows: readonly TimelineRow[] = [];
  #virtualizer: Virtualizer<HTMLElement, HTMLElement> | null = null;
  #unmount: (() => void) | null = null;
  /** The oldest event when older ones were asked for: asking again waits for them. */
  #askedAt: number | null = null;

  constructor() {
    super();
    this.events = [];
    this.runs = new Map();
    this.asked = new Map();
    this.agents = [];
    this.everything = false;
    this.open = null;
    this.now = 0;
    this.complete = true;
    this.older = () => undefined;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unmount?.();
    this.#unmount = null;
    this.#virtualizer = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  protected override willUpdate(changed: PropertyValues): void {
    const sources = ['events', 'runs', 'asked', 'agents', 'everything'];
    if (!sources.some((name) => changed.has(name))) return;
    const agents = new Map(this.agents.map((agent) => [agent.agent_id, agent.display]));
    const around: Surroundings = { runs: this.runs, asked: this.asked, agents };
    this.#rows = this.events
      .map((event) => ({ event, line: eventLine(event, around) }))
      .filter((row) => this.everything || !row.line.quiet);
  }

  protected override render(): TemplateResult {
    const items = this.#virtualizer?.getVirtualItems() ?? [];
    return html`<div class="timeline-scroll" role="list" aria-label="What happened, newest first">
      <div class="timeline-space">
        ${repeat(
          items,
          // By event: what is new above must not slip another event under the focus.
          ({ index }) => this.#rows[index]?.event.seq ?? index,
          ({ index }) => {
            const row = this.#rows[index];
            return row === undefined ? nothing : this.#row(row, index);
          },
        )}
      </div>
    </div>`;
  }

  #row({ event, line }: TimelineRow, index: number): TemplateResult {
    const open = this.open === event.seq;
    return html`<div class="event tone-${line.tone}" role="listitem" data-index=${index}>
      <button
        type="button"
        class="event-line"
        aria-expanded=${String(open)}
        title="${line.text}${line.aside === '' ? '' : ` · ${line.aside}`}
${absoluteTime(event.occurred_at)}"
        @click=${() => this.actions.dispatch({ kind: 'open_event', seq: event.seq })}
      >
        ${icon(line.icon)}
        <span class="event-text"
          >${line.text}${line.aside === '' ? nothing : html`<span class="event-aside"> · ${line.aside}</span>`}</span
        >
        <time class="event-when" datetime=${event.occurred_at}
          >${relativeTime(event.occurred_at, this.now)}</time
        >
      </button>
      ${open ? eventDetail(event, line, this.runs.get(runOf(event) ?? '') ?? null, this.actions) : nothing}
    </div>`;
  }

  protected override updated(): void {
    const scroller = this.querySelector<HTMLElement>('.timeline-scroll');
    if (scroller === null || !this.isConnected) return;
    const virtualizer = this.#mounted(scroller);
    this.#place(virtualizer);
    this.#askForOlder(virtualizer);
  }

  #mounted(scroller: HTMLElement): Virtualizer<HTMLElement, HTMLElement> {
    const options = {
      count: this.#rows.length,
      getScrollElement: () => scroller,
      estimateSize: () => ROW_PX,
      getItemKey: (index: number) => this.#rows[index]?.event.seq ?? index,
      overscan: 6,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.requestUpdate(),
    };
    if (this.#virtualizer !== null) {
      const before = this.#virtualizer.options.count;
      this.#virtualizer.setOptions(options);
      this.#virtualizer._willUpdate();
      if (before !== this.#rows.length) this.requestUpdate();
      return this.#virtualizer;
    }
    this.#virtualizer = new Virtualizer<HTMLElement, HTMLElement>(options);
    this.#unmount = this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
    this.requestUpdate();
    return this.#virtualizer;
  }

  /** Positions go through the style object: a style attribute would need a weaker CSP. */
  #place(virtualizer: Virtualizer<HTMLElement, HTMLElement>): void {
    const space = this.querySelector<HTMLElement>('.timeline-space');
    if (space !== null) space.style.height = `${virtualizer.getTotalSize()}px`;
    const starts = new Map(virtualizer.getVirtualItems().map((item) => [item.index, item.start]));
    for (const row of this.querySelectorAll<HTMLElement>('.event')) {
      row.style.transform = `translateY(${starts.get(Number(row.dataset['index'])) ?? 0}px)`;
      virtualizer.measureElement(row);
    }
  }

  #askForOlder(virtualizer: Virtualizer<HTMLElement, HTMLElement>): void {
    const last = virtualizer.getVirtualItems().at(-1);
    const oldest = this.events.at(-1)?.seq ?? null;
    const atEnd = last === undefined || last.index >= this.#rows.length - 3;
    if (this.complete || !atEnd || oldest === null || oldest === this.#askedAt) return;
    this.#askedAt = oldest;
    this.older();
  }
}
