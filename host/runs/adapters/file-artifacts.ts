import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Log } from '#host/kernel/log.ts';
import { hostPrincipal } from '#host/policy/approvals/service.ts';
import type { EventStore } from '#host/store/ports.ts';
import type { Artifacts, ArtifactWriter } from '../runners/command/ports.ts';
import { runsProjection } from '../projections.ts';

export interface FileArtifactsOptions {
  /** Private folder; made when the first artifact comes. */
  dir: string;
  store: EventStore;
  ids: IdSource;
  log: Log;
}

/** Longest output that is kept; what comes after is dropped, and the artifact's size says so. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Long output as files named by the SHA-256 of their bytes, beside the database. */
export function fileArtifacts({ dir, store, ids, log }: FileArtifactsOptions): Artifacts {
  return {
    open({ run_id, workspace_id, name }): ArtifactWriter {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      const temporary = join(dir, `.${ids.uuid()}`);
      const file = createWriteStream(temporary, { mode: 0o600, flags: 'wx', flush: true });
      const hash = createHash('sha256');
      let bytes = 0;
      let failure: unknown = null;
      file.on('error', (error) => {
        failure ??= error;
      });
      return {
        write(chunk) {
          const kept = chunk.subarray(0, Math.max(0, MAX_BYTES - bytes));
          if (kept.length === 0 || failure !== null) return;
          bytes += kept.length;
          hash.update(kept);
          file.write(kept);
        },
        async finish() {
          try {
            file.end();
            await finished(file);
            const sha256 = hash.digest('hex');
            await rename(temporary, join(dir, sha256));
            return await record({ run_id, workspace_id, name, sha256, bytes });
          } catch (error) {
            log.error('an artifact could not be kept', failure ?? error, { run_id });
            await rm(temporary, { force: true }).catch(() => {});
            return null;
          }
        },
      };
    },
  };

  async function record(about: { run_id: string; workspace_id: string; name: string; sha256: string; bytes: number }): Promise<string> {
    const { run_id, workspace_id, ...content } = about;
    const artifact_id = ids.domain('artifact');
    await store.transact(async (tx) => {
      const run = await tx.document(runsProjection, run_id);
      const data = { artifact_id, run_id, tool_call_id: run?.tool_call_id ?? null, kind: 'text' as const, ...content };
      await tx.append({ stream_type: 'run', stream_id: run_id }, 'any', [{ type: 'artifact.created', data }], { workspace_id, actor: hostPrincipal, correlation_id: run_id, causation_id: run_id, run_id });
    });
    return artifact_id;
  }
}
