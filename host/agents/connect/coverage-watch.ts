import type { Principal } from '#schema/envelope/principal.ts';
import type { AgentView } from '#schema/views/agent.ts';
import type { Clock } from '#host/kernel/clock.ts';
import type { Log } from '#host/kernel/log.ts';
import type { AgentRegistry } from '../registry/service.ts';
import type { Connector } from '../ports.ts';

export interface CoverageWatchOptions {
  readonly connector: Pick<Connector, 'withCoverage'>;
  readonly registry: Pick<AgentRegistry, 'list' | 'record'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly by: Principal;
  readonly everyMs?: number;
}

/**
 * Looks every few seconds whether the hooks of connected agents are still in their files, and
 * records what changed: an agent can take its own hook out, but not without it being seen. The
 * files lie in many folders, some of which do not exist yet, so they are read instead of watched.
 */
export class CoverageWatch {
  readonly #o: CoverageWatchOptions;
  #cancel: (() => void) | null = null;
  #closed = false;

  constructor(options: CoverageWatchOptions) {
    this.#o = options;
  }

  /** Looks now, and from then on. */
  async start(): Promise<void> {
    await this.#look();
    if (this.#closed) return;
    this.#cancel = this.#o.clock.timer(this.#o.everyMs ?? EVERY_MS, () => void this.start());
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  /** Never throws: what cannot be looked at now is looked at next time. */
  async #look(): Promise<void> {
    try {
      const stored = await this.#o.registry.list();
      const now = await this.#o.connector.withCoverage(stored);
      for (const [at, agent] of now.entries())
        if (!this.#closed && isOther(stored[at], agent)) await this.#record(agent);
    } catch (failure) {
      this.#o.log.warn('the hooks of the agents could not be looked at', {
        cause: String(failure),
      });
    }
  }

  async #record({ agent_id, coverage }: AgentView): Promise<void> {
    const changed = { type: 'agent.coverage_changed', data: { agent_id, coverage } } as const;
    await this.#o.registry.record(agent_id, [changed], this.#o.by);
  }
}

/** Seen well within a minute, for the price of a few small files. */
const EVERY_MS = 15_000;

/** Words may differ between two builds; what is covered, and whether the hook is there, is a change. */
const isOther = (before: AgentView | undefined, { coverage }: AgentView): boolean =>
  before !== undefined &&
  (before.coverage.gated !== coverage.gated ||
    before.coverage.hook_present !== coverage.hook_present ||
    // What was stored before this was told says nothing; then it was there.
    (before.coverage.server_present ?? true) !== (coverage.server_present ?? true));
