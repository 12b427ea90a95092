import type { StreamRef } from '#schema/events/stored-event.ts';
import type { ProjectionRow } from '../../core/verify.ts';
import type { SealedEvent } from '../../core/seal.ts';
import type { Projection } from '../../ports.ts';

/** A response kept for a repeated request, with the hash of what was asked. */
export interface Remembered {
  readonly contentHash: string;
  readonly response: string;
  readonly recordedAt: number;
}

/** Everything that is stored, at one moment. Treated as a value: a change makes a new one. */
export interface Snapshot {
  readonly log: readonly SealedEvent[];
  readonly versions: ReadonlyMap<string, number>;
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, ProjectionRow>>;
  readonly responses: ReadonlyMap<string, Remembered>;
  readonly cells: ReadonlyMap<string, string>;
}

/** The same, being changed by the open transaction. */
export interface Draft extends Snapshot {
  readonly log: SealedEvent[];
  readonly versions: Map<string, number>;
  readonly tables: Map<string, Map<string, ProjectionRow>>;
  readonly responses: Map<string, Remembered>;
  readonly cells: Map<string, string>;
}

/** What is committed, and how to take a copy that can be changed or thrown away. */
export class MemoryState {
  readonly projections: readonly Projection<unknown>[];
  committed: Snapshot;

  constructor(projections: readonly Projection<unknown>[]) {
    this.projections = projections;
    this.committed = {
      log: [],
      versions: new Map(),
      tables: new Map(projections.map(({ table }) => [table, new Map()])),
      responses: new Map(),
      cells: new Map(),
    };
  }
}

/** A whole copy: slow for many events, and simple enough to be obviously right. */
export const draftOf = (from: Snapshot): Draft => ({
  log: [...from.log],
  versions: new Map(from.versions),
  tables: new Map([...from.tables].map(([table, rows]) => [table, new Map(rows)])),
  responses: new Map(from.responses),
  cells: new Map(from.cells),
});

export const streamKey = (stream: StreamRef): string => `${stream.stream_type}/${stream.stream_id}`;
