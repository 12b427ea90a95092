import { join } from 'node:path';
import { DEFAULT_WORKSPACE } from '#schema/envelope/ids.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StreamRef } from '#schema/events/stored-event.ts';
import { inquiriesProjection } from '#host/inquiries/projection.ts';
import type { Clock } from '#host/kernel/clock.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Log } from '#host/kernel/log.ts';
import { hostPrincipal } from '#host/policy/approvals/service.ts';
import { fileArtifacts } from '#host/runs/adapters/file-artifacts.ts';
import { runsProjection } from '#host/runs/projections.ts';
import { openSqliteStore } from '#host/store/adapters/sqlite/store.ts';
import { createRedactor } from '#host/store/core/redact.ts';
import { ageFile } from '#host/vault/adapters/age-file.ts';
import { keyFile } from '#host/vault/adapters/key-file.ts';
import { systemKeyring } from '#host/vault/adapters/keyring.ts';
import { PassphraseKey } from '#host/vault/adapters/passphrase-key.ts';
import { HeldKey } from '#host/vault/held-key.ts';
import { Vault } from '#host/vault/service.ts';
import { projections } from './projections.ts';
import { Visibility } from './visibility.ts';

export interface StorageOptions {
  dataDir: string;
  clock: Clock;
  ids: IdSource;
  log: Log;
  /** Of this life of the host: what it records of itself belongs together. */
  instanceId: string;
  verifyWorker: URL;
  /** Aborted when the host ends. */
  closing: AbortSignal;
}

/** What the host keeps: events, secrets and artifacts, none of them with a secret in plain; and who may see which event. */
export async function storage(o: StorageOptions) {
  const { dataDir, clock, ids, log } = o;
  /** Keeps what the host itself did, on a stream that belongs to no workspace. */
  const record = async (
    stream: StreamRef,
    event: DomainEvent,
    actor: Principal = hostPrincipal,
  ): Promise<void> => {
    await store.transact((tx) =>
      tx.append(stream, 'any', [event], {
        workspace_id: DEFAULT_WORKSPACE,
        actor,
        correlation_id: o.instanceId,
        causation_id: null,
      }),
    );
  };
  const vault = new Vault({
    file: ageFile(join(dataDir, 'vault.age')),
    keys: {
      file: keyFile(join(dataDir, 'vault-key.txt')),
      editor: new HeldKey(),
      passphrase: new PassphraseKey(join(dataDir, 'vault-key.age')),
      keyring: systemKeyring(dataDir, { closing: o.closing }),
    },
    clock,
    record: (event, by) =>
      record({ stream_type: 'vault', stream_id: 'host' }, event, by ?? hostPrincipal),
  });
  const knownSecrets = (): readonly string[] => vault.values;
  const store = await openSqliteStore({
    file: join(dataDir, 'events.db'),
    clock,
    ids,
    projections,
    knownSecrets,
    log,
    verifyWorker: o.verifyWorker,
  });
  const visibility = new Visibility(
    async (subject) =>
      (await store.document(runsProjection, subject))?.principal.id ??
      (await store.document(inquiriesProjection, subject))?.requester.id ??
      null,
  );
  store.onAppended((events) => {
    for (const event of events) visibility.note(event);
  });
  const redact = createRedactor(knownSecrets);
  const artifacts = fileArtifacts({ dir: join(dataDir, 'artifacts'), store, ids, log, redact });
  return { store, vault, visibility, redact, artifacts, record };
}
