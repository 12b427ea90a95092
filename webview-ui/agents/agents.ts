// The agents tab: loaded with the first look at it, so that everything else is there sooner.
// oxlint-disable-next-line import/no-unassigned-import -- so that it stays in front of the schemas that both scripts share
import '../without-eval.ts';
import type { TemplateResult } from 'lit';
import type { AgentView } from '#schema/views/agent.ts';
import { wireOf } from '../link/link.ts';
import type { PanelState } from '../state/model.ts';
import type { PanelActions } from '../views/context.ts';
import type { TabPorts } from '../views/lazy-tab.ts';
import { failureText } from '../words/failure.ts';
import { evolveAgents, type AgentsMessage } from './evolve.ts';
import { initialAgents, type AgentsState } from './model.ts';
import type { AgentsActions } from './views/context.ts';
import { agentsView } from './views/list.ts';
import { idsOf } from './words.ts';

/** How much of what an agent did is read at a time. */
const PAGE = 20;
/** A burst of events is answered by one reading. */
const REREAD_MS = 80;
/** More events than one run has. */
const EVENTS = 100;

/** Who asks Hob, what of them is covered, and what each did; ends an agent at the second press. */
export class Agents implements AgentsActions {
  readonly panel: PanelActions;
  readonly #ports: TabPorts;
  #state: AgentsState = initialAgents;
  #isShown = false;
  #seen = 0;
  #stopWaiting: () => void = () => undefined;

  constructor(ports: TabPorts, panel: PanelActions) {
    this.#ports = ports;
    this.panel = panel;
  }

  draw(panel: PanelState): TemplateResult {
    return agentsView({ panel, state: this.#state, act: this });
  }

  /** The panel changed: another tab, or another event. */
  see(panel: PanelState): void {
    const isShown = panel.ui.tab === 'agents' && panel.bridge?.state === 'connected';
    const isNews = panel.events.some(
      ({ seq, event_type }) => seq > this.#seen && event_type.startsWith('run.'),
    );
    this.#seen = panel.lastSeq;
    if (isShown && (isNews || !this.#isShown)) this.#readIn(this.#isShown ? REREAD_MS : 0);
    if (!isShown) this.#stopWaiting();
    this.#isShown = isShown;
  }

  /** Unfolds one and reads what it did; unfolded, folds it. */
  toggle(agent_id: string): void {
    const isOpen = this.#state.open?.agent_id === agent_id;
    this.#dispatch({ kind: 'open', agent_id: isOpen ? null : agent_id });
    if (!isOpen) void this.#readDeeds(null);
  }

  toggleDeed(run_id: string): void {
    const isOpen = this.#state.open?.deed?.run_id === run_id;
    this.#dispatch({ kind: 'deed', run_id: isOpen ? null : run_id });
    if (!isOpen) void this.#readEvents();
  }

  readOlder(): void {
    void this.#readDeeds(this.#state.open?.deeds?.at(-1)?.run_id ?? null);
  }

  /** The first time it asks, the second time it does. */
  revoke({ agent_id, display }: AgentView): void {
    if (this.#state.open?.revoking !== true) {
      this.#dispatch({ kind: 'revoking', on: true });
      return this.#ports.focus('[data-hand="keep"]');
    }
    const reason = 'revoked in the panel';
    this.#ports.link.request('agent.revoke', { agent_id, reason }).then(
      () => {
        this.#dispatch({ kind: 'open', agent_id: null });
        this.#say(`${display} is revoked.`);
        this.#ports.focus('.agents .connect-row button');
      },
      (thrown: unknown) => this.#say(failureText(wireOf(thrown)), true),
    );
  }

  /** Not revoked after all. */
  keep(): void {
    this.#dispatch({ kind: 'revoking', on: false });
    this.#ports.focus('[data-hand="revoke"]');
  }

  #dispatch(message: AgentsMessage): void {
    const next = evolveAgents(this.#state, message);
    if (next === this.#state) return;
    this.#state = next;
    this.#ports.changed();
  }

  #readIn(ms: number): void {
    this.#stopWaiting();
    this.#stopWaiting = this.#ports.after(ms, () => {
      void this.#readDeeds(null);
      void this.#readEvents();
    });
  }

  /** A page of what the unfolded agent did: the newest, or what is before a run. */
  async #readDeeds(from: string | null): Promise<void> {
    const agent_id = this.#state.open?.agent_id;
    const agent = this.#ports.state().agents.find((one) => one.agent_id === agent_id);
    if (agent_id === undefined || agent === undefined) return;
    try {
      const { runs } = await this.#ports.link.request('run.list', {
        principal_ids: idsOf(agent),
        limit: PAGE,
        ...(from === null ? {} : { before_run_id: from }),
      });
      this.#dispatch({ kind: 'deeds', agent_id, from, runs, more: runs.length === PAGE });
    } catch (thrown) {
      this.#dispatch({ kind: 'unread', agent_id, error: wireOf(thrown) });
    }
  }

  /** What the record holds of the unfolded run. */
  async #readEvents(): Promise<void> {
    const run_id = this.#state.open?.deed?.run_id;
    if (run_id === undefined) return;
    try {
      const { events } = await this.#ports.link.request('event.query', { run_id, limit: EVENTS });
      this.#dispatch({ kind: 'events', run_id, events });
    } catch (thrown) {
      this.#say(failureText(wireOf(thrown)), true);
    }
  }

  #say(text: string, error = false): void {
    this.#dispatch({ kind: 'said', said: { text, error } });
  }
}
