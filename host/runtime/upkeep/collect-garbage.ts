import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#host/kernel/clock.ts';
import { artifactsProjection } from '#host/runs/projections.ts';
import type { EventStore } from '#host/store/ports.ts';
import { COLLECTED_FOLDERS, garbageAmong, type FoundFile } from './garbage.ts';

export interface GarbageOptions {
  store: EventStore;
  clock: Clock;
  dataDir: string;
}

/** What was cleared away. */
export interface Collected {
  files: number;
  bytes: number;
  /** Remembered answers to requests with an idempotency key. */
  answers: number;
  [name: string]: number;
}

/** A request that is repeated later than this is a new one. */
const ANSWERS_KEPT_MS = 30 * 24 * 3_600_000;
/** Let go of in one transaction: every other writer waits for it. */
const ANSWERS_AT_ONCE = 500;
const PAGE = 500;

/** Clears away what nothing refers to any more. Events and what they name stay as they are. */
export async function collectGarbage(options: GarbageOptions): Promise<Collected> {
  const { clock, dataDir } = options;
  // Files first: an artifact that is stored in the meantime is then among those that are named.
  const files = await filesIn(dataDir);
  const named = await namedArtifacts(options.store);
  const gone = { files: 0, bytes: 0 };
  for (const { folder, name, bytes } of garbageAmong(files, (sha) => named.has(sha), clock.now())) {
    await rm(join(dataDir, folder, name), { force: true });
    gone.files += 1;
    gone.bytes += bytes;
  }
  return { ...gone, answers: await forgetAnswers(options) };
}

async function filesIn(dataDir: string): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const folder of COLLECTED_FOLDERS) {
    const names = await readdir(join(dataDir, folder)).catch(() => []);
    for (const name of names) {
      const about = await stat(join(dataDir, folder, name)).catch(() => null);
      if (about?.isFile() !== true) continue;
      found.push({ folder, name, bytes: about.size, changedAt: about.mtimeMs });
    }
  }
  return found;
}

async function namedArtifacts(store: EventStore): Promise<Set<string>> {
  const named = new Set<string>();
  let after_key: string | undefined;
  for (;;) {
    const page = await store.documents(artifactsProjection, {
      limit: PAGE,
      ...(after_key === undefined ? {} : { after_key }),
    });
    for (const { sha256 } of page) named.add(sha256);
    after_key = page.at(-1)?.artifact_id;
    if (page.length < PAGE || after_key === undefined) return named;
  }
}

async function forgetAnswers({ store, clock }: GarbageOptions): Promise<number> {
  const before = clock.now() - ANSWERS_KEPT_MS;
  let all = 0;
  for (;;) {
    const some = await store.transact((tx) => tx.forgetAnswers(before, ANSWERS_AT_ONCE));
    all += some;
    if (some < ANSWERS_AT_ONCE) return all;
  }
}
