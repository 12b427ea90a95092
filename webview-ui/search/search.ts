// The search of the timeline: loaded when somebody looks for something for the first time.
// oxlint-disable-next-line import/no-unassigned-import -- so that it stays in front of the schemas that both scripts share
import '../without-eval.ts';
import type { TemplateResult } from 'lit';
import type { WireError } from '#schema/envelope/errors.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { matchesText } from '#schema/views/event-text.ts';
import { wireOf } from '../link/link.ts';
import { mergeEvents } from '../state/events.ts';
import type { PanelState } from '../state/model.ts';
import type { PanelActions } from '../views/context.ts';
import type { TabPart, TabPorts } from '../views/lazy-tab.ts';
import { eventLine, type Surroundings } from '../words/event-line.ts';
import { searchView } from './view.ts';

export interface SearchPorts extends Pick<
  TabPorts,
  'link' | 'dispatch' | 'changed' | 'after' | 'focus'
> {
  readonly actions: PanelActions;
}

/** A pause in typing that is long enough to ask the host. */
const TYPING_MS = 200;
const PAGE = 200;

/** What the host found so far. */
interface Found {
  readonly text: string;
  readonly events: readonly StoredEvent[];
  readonly step: 'asking' | 'more' | 'complete';
  readonly error: WireError | null;
}

/** Events that match: those on the timeline, by what is shown, and all others, by what is stored. */
export class TimelineSearch implements TabPart {
  readonly #ports: SearchPorts;
  #found: Found = { text: '', events: [], step: 'complete', error: null };
  #panel: PanelState | null = null;
  #merged: readonly StoredEvent[] = [];
  #matters = 0;
  #wantsOlder = false;
  #isOpen = false;
  #isConnected = false;
  #stop: () => void = () => undefined;

  /** `restored`: it was open before the panel was loaded again, so nobody waits for the focus. */
  constructor(ports: SearchPorts, restored: boolean) {
    this.#ports = ports;
    this.#isOpen = restored;
  }

  see(panel: PanelState): void {
    const before = this.#panel;
    this.#panel = panel;
    const text = panel.ui.search?.trim() ?? '';
    const isOpen = panel.ui.search !== null;
    const isConnected = panel.bridge?.state === 'connected';
    if (isOpen && !this.#isOpen) {
      // The field is drawn before it can have the focus.
      this.#ports.changed();
      this.#ports.focus('#timeline-search');
    }
    this.#isOpen = isOpen;
    // What was missed while nobody answered is asked for again.
    const isBack = isConnected && !this.#isConnected;
    this.#isConnected = isConnected;
    if (text !== this.#found.text || isBack) this.#begin(text);
    if (before?.events !== panel.events || before.asked !== panel.asked) this.#merge();
  }

  draw(panel: PanelState): TemplateResult {
    const { events, step, error } = this.#found;
    const text = panel.ui.search ?? '';
    return searchView(panel, {
      text,
      events: text.trim() === '' ? panel.events : this.#merged,
      matters: this.#matters,
      asking: step === 'asking',
      complete: text.trim() === '' ? panel.complete : step === 'complete',
      error,
      actions: this.#ports.actions,
      type: (typed) => this.#ports.dispatch({ kind: 'search', text: typed }),
      close: () => {
        this.#ports.dispatch({ kind: 'search', text: null });
        this.#ports.focus('#timeline-search-open');
      },
      older: () => void this.#older(),
      export: () => {
        const known = new Set(events.map(({ seq }) => seq));
        const own = this.#merged.filter(({ seq }) => !known.has(seq)).map(({ seq }) => seq);
        this.#ports.actions.exportEvents(text.trim(), own);
      },
    });
  }

  #begin(text: string): void {
    this.#stop();
    this.#found = { text, events: [], step: text === '' ? 'complete' : 'asking', error: null };
    this.#merge();
    if (text !== '') this.#stop = this.#ports.after(TYPING_MS, () => void this.#ask());
  }

  async #older(): Promise<void> {
    if (this.#found.text === '') return this.#ports.actions.readOlder();
    // The list asks once for what is older than its last line, which may be one that it had already.
    this.#wantsOlder = this.#found.step === 'asking';
    if (this.#found.step !== 'more') return;
    this.#found = { ...this.#found, step: 'asking' };
    await this.#ask();
  }

  /** The next page, older than what was found. Forgotten when something else is looked for by then. */
  async #ask(): Promise<void> {
    const asked = this.#found;
    const oldest = asked.events.at(-1)?.seq;
    const show = (found: Partial<Found>): void => {
      if (this.#found.text !== asked.text || this.#found.events !== asked.events) return;
      this.#found = { ...asked, ...found };
      this.#merge();
      this.#ports.changed();
    };
    try {
      const { events } = await this.#ports.link.request('event.query', {
        text: asked.text,
        order: 'desc',
        limit: PAGE,
        ...(oldest === undefined ? {} : { to_seq: Math.max(1, oldest - 1) }),
      });
      // A page may be cut to the size of a message, so only an empty one is the last.
      const fresh = events.filter(({ seq }) => oldest === undefined || seq < oldest);
      const all = [...asked.events, ...fresh];
      show({ events: all, step: fresh.length === 0 || oldest === 1 ? 'complete' : 'more' });
      this.#ports.dispatch({ kind: 'snapshot', part: 'found', value: { events: all } });
      const isNearlyAll = fresh.length > 0 && fresh.length < PAGE;
      if (this.#found.events === all && (isNearlyAll || this.#wantsOlder)) await this.#older();
    } catch (thrown) {
      show({ step: 'complete', error: wireOf(thrown) });
    }
  }

  #merge(): void {
    const { text, events } = this.#found;
    const panel = this.#panel;
    if (panel === null || text === '') return;
    const agents = new Map(panel.agents.map((agent) => [agent.agent_id, agent.display]));
    const around: Surroundings = { runs: panel.runs, asked: panel.asked, agents };
    const shown = panel.events.filter((event) => {
      const line = eventLine(event, around);
      return matchesText(event, [], text, [line.text, line.aside]);
    });
    this.#merged = mergeEvents(events, shown);
    this.#matters = this.#merged.filter((event) => !eventLine(event, around).quiet).length;
  }
}
