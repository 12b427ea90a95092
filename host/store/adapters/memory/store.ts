import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { Clock } from '#host/kernel/clock.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Log } from '#host/kernel/log.ts';
import { createRedactor } from '../../core/redact.ts';
import { Sealer } from '../../core/sealer.ts';
import { ChainCheck, ProjectionCheck, Problems } from '../../core/verify.ts';
import { GroupCommit } from '../../group-commit.ts';
import type {
  EventStore,
  Projection,
  StoreHealth,
  StoreTransaction,
  StoreVerification,
} from '../../ports.ts';
import { nodeDigests } from '../digests.ts';
import { Listeners } from '../listeners.ts';
import { MemoryReader } from './reader.ts';
import { MemoryState } from './state.ts';
import { MemoryWriter } from './writer.ts';

export interface MemoryStoreOptions {
  clock: Clock;
  ids: IdSource;
  projections: readonly Projection<unknown>[];
  knownSecrets: () => readonly string[];
  log: Log;
}

/** An event store that lives as long as the object: for tests and for `createHost` without a folder. */
export function openMemoryStore(options: MemoryStoreOptions): EventStore {
  return new MemoryStore(options);
}

class MemoryStore extends MemoryReader implements EventStore {
  readonly storeId: string;
  readonly health: StoreHealth = { state: 'ok' };
  readonly #options: MemoryStoreOptions;
  readonly #state: MemoryState;
  readonly #listeners: Listeners;
  readonly #group: GroupCommit<StoreTransaction>;

  constructor(options: MemoryStoreOptions) {
    const state = new MemoryState(options.projections);
    super(() => state.committed);
    const { clock, ids } = options;
    const redact = createRedactor(options.knownSecrets);
    const decode = (secret: string): Uint8Array => Buffer.from(secret, 'base64url');
    this.#options = options;
    this.#state = state;
    this.storeId = ids.uuid();
    this.#listeners = new Listeners(options.log);
    const sealer = new Sealer({ clock, ids, redact, digests: nodeDigests, decode });
    const writer = new MemoryWriter({ state, clock, sealer, redact });
    const committed = (events: readonly StoredEvent[]): void => this.#listeners.tell(events);
    this.#group = new GroupCommit({ writer, clock, committed });
  }

  transact<T>(work: (tx: StoreTransaction) => Promise<T> | T): Promise<T> {
    return this.#group.transact(work);
  }

  onAppended(listener: (events: readonly StoredEvent[]) => void): () => void {
    return this.#listeners.add(listener);
  }

  async verify(): Promise<StoreVerification> {
    const problems = new Problems();
    const chain = new ChainCheck(nodeDigests, (hex) => Buffer.from(hex, 'hex'), problems);
    const { log, tables } = this.#state.committed;
    const checks = this.#options.projections.map((projection) => ({
      table: projection.table,
      check: new ProjectionCheck(projection, problems),
    }));
    for (const { event, content, salt } of log) {
      chain.next(event, { salt, text: content });
      for (const { check } of checks) check.next(event);
    }
    for (const { table, check } of checks) check.compare(tables.get(table) ?? []);
    return {
      events: chain.events,
      head_seq: chain.headSeq,
      head_hash: chain.headHash,
      erased: 0,
      projections: checks.length,
      problems: problems.list,
    };
  }

  async close(): Promise<void> {
    await this.#group.close();
  }
}
