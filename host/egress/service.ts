import { AsyncLocalStorage } from 'node:async_hooks';
import { Allowances } from '#host/kernel/allowances.ts';
import type { AllowanceRate } from '#host/kernel/allowance.ts';
import type { Clock } from '#host/kernel/clock.ts';
import type { Log } from '#host/kernel/log.ts';
import { EgressChannel, type ChannelOptions } from './channel.ts';
import type { RecordRequest, RequestEnded, Resolve, Send } from './ports.ts';
import { Refusals } from './refusals.ts';

export interface EgressOptions {
  resolve: Resolve;
  send: Send;
  clock: Clock;
  log: Log;
  record: RecordRequest;
  /** Throws while nothing may leave: the kill switch, a pause, a store that cannot keep what left. */
  mayLeave(): Promise<void>;
}

/** Requests to one origin. Far more than a person or an agent needs, far less than a loop makes. */
const rate: AllowanceRate = { full: 200, perSecond: 20 };

/**
 * The one way out of the host. Whoever has to reach something opens a channel with what was allowed; every
 * request is judged by its origin, by the addresses that its name leads to at that moment, and by how many
 * there were; and each is kept as an event, without what was in it.
 */
export class Egress {
  readonly #o: EgressOptions;
  readonly #allowances: Allowances;
  readonly #refusals: Refusals;
  readonly #run = new AsyncLocalStorage<string>();
  readonly #channels = new Set<EgressChannel>();
  readonly #recording = new Set<Promise<void>>();

  constructor(options: EgressOptions) {
    this.#o = options;
    this.#allowances = new Allowances(rate, options.clock);
    this.#refusals = new Refusals(options.clock, options.record);
  }

  open(options: ChannelOptions): EgressChannel {
    const { resolve, send, clock } = this.#o;
    const channel = new EgressChannel(options, {
      resolve,
      send,
      clock,
      mayLeave: () => this.#o.mayLeave(),
      spend: (origin) => this.#allowances.spend(origin, 1),
      tell: (ended) => this.#tell(ended, this.#run.getStore() ?? null),
    });
    this.#channels.add(channel);
    return channel;
  }

  /** Ends a channel with what is on its way in it. */
  shut(channel: EgressChannel): void {
    channel.close();
    this.#channels.delete(channel);
  }

  /** Does something for a run: the requests that it makes are recorded as that run's. */
  forRun<T>(runId: string, work: () => Promise<T>): Promise<T> {
    return this.#run.run(runId, work);
  }

  /** Ends everything, and waits until what left is recorded. */
  async close(): Promise<void> {
    for (const channel of this.#channels) this.shut(channel);
    // Bodies that were being read end in turns of their own.
    await new Promise((resolve) => setImmediate(resolve));
    await this.#refusals.close();
    await Promise.all(this.#recording);
  }

  #tell(ended: RequestEnded, runId: string | null): void {
    const kept =
      ended.outcome === 'refused'
        ? this.#refusals.note(ended, runId)
        : this.#o.record(ended, runId);
    const done = kept
      .catch((failure: unknown) => this.#o.log.error('a request could not be recorded', failure))
      .finally(() => this.#recording.delete(done));
    this.#recording.add(done);
  }
}
