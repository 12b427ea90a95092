import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import * as path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { DomainEvent, DomainEventData } from '#schema/events/domain-events.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Log } from '#host/kernel/log.ts';
import { hostPrincipal } from '#host/policy/approvals/service.ts';
import type { Redactor } from '#host/store/core/redact.ts';
import type { EventStore } from '#host/store/ports.ts';
import type { Artifacts } from '../runners/command/ports.ts';

export interface FileArtifactsOptions {
  /** Made when the first artifact is. */
  dir: string;
  store: EventStore;
  ids: IdSource;
  log: Log;
  /** What takes secrets out of events takes them out of artifacts too. */
  redact: Redactor;
}

/** Of one artifact; the rest is dropped. A command that writes more than this is not writing for people. */
const ARTIFACT_BYTES = 64 * 1024 * 1024;

type About = Parameters<Artifacts['open']>[0];

/** Looked through for secrets at once: enough that few of them lie on an edge, and little enough for the loop. */
const REDACTED_AT_ONCE = 128 * 1024;

/**
 * Artifacts as files beside the database, named by the SHA-256 of their bytes, each with its event.
 * What a host that was killed had begun to write is removed.
 */
export function fileArtifacts(options: FileArtifactsOptions): Artifacts {
  removeDrafts(options);
  return {
    read: (sha256, from, limit) => readPiece(path.join(options.dir, sha256), from, limit),
    open(about) {
      const file = new ArtifactFile(options, about);
      const text = new RedactedText(options.redact, (clean) => file.write(clean));
      return {
        write: (chunk) => text.write(chunk),
        finish() {
          text.end();
          return file.finish();
        },
      };
    },
  };
}

async function readPiece(file: string, from: number, limit: number): Promise<Buffer | null> {
  const handle = await open(file, 'r').catch((failure: NodeJS.ErrnoException) => {
    if (failure.code === 'ENOENT') return null;
    throw failure;
  });
  if (handle === null) return null;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(limit), 0, limit, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

const DRAFT = 'draft-';

function removeDrafts({ dir, log }: FileArtifactsOptions): void {
  try {
    if (!existsSync(dir)) return;
    for (const name of readdirSync(dir)) {
      if (name.startsWith(DRAFT)) rmSync(path.join(dir, name), { force: true });
    }
  } catch (failure) {
    log.warn('old drafts of artifacts could not be removed', { reason: String(failure) });
  }
}

/** Text on its way into a file, without secrets: cut at line ends, so that nothing is torn that has one line. */
class RedactedText {
  readonly #redact: Redactor;
  readonly #write: (clean: Buffer) => void;
  readonly #decoder = new StringDecoder('utf8');
  #held = '';

  constructor(redact: Redactor, write: (clean: Buffer) => void) {
    this.#redact = redact;
    this.#write = write;
  }

  write(chunk: Buffer): void {
    this.#held += this.#decoder.write(chunk);
    while (this.#held.length >= REDACTED_AT_ONCE) {
      const end = this.#held.lastIndexOf('\n', REDACTED_AT_ONCE) + 1 || REDACTED_AT_ONCE;
      this.#pass(this.#held.slice(0, end));
      this.#held = this.#held.slice(end);
    }
  }

  end(): void {
    this.#pass(this.#held + this.#decoder.end());
    this.#held = '';
  }

  #pass(text: string): void {
    const { text: clean } = this.#redact({ text }).data;
    this.#write(Buffer.from(typeof clean === 'string' ? clean : ''));
  }
}

class ArtifactFile {
  readonly #o: FileArtifactsOptions;
  readonly #about: About;
  readonly #hash = createHash('sha256');
  readonly #draft: string;
  #descriptor: number | null = null;
  #bytes = 0;
  #failed = false;

  constructor(options: FileArtifactsOptions, about: About) {
    this.#o = options;
    this.#about = about;
    this.#draft = path.join(options.dir, `${DRAFT}${options.ids.uuid()}`);
    this.#attempt(() => {
      mkdirSync(options.dir, { recursive: true, mode: 0o700 });
      this.#descriptor = openSync(this.#draft, 'wx', 0o600);
    });
  }

  /** Writes at once, so that a program that writes faster than the disk is slowed instead of filling memory. */
  write(chunk: Buffer): void {
    const part = chunk.subarray(0, ARTIFACT_BYTES - this.#bytes);
    if (part.length === 0 || this.#descriptor === null || this.#failed) return;
    const descriptor = this.#descriptor;
    this.#attempt(() => {
      for (let at = 0; at < part.length;) at += writeSync(descriptor, part, at);
      this.#hash.update(part);
      this.#bytes += part.length;
    });
  }

  async finish(): Promise<string | null> {
    const sha256 = this.#hash.digest('hex');
    if (this.#descriptor !== null) {
      const descriptor = this.#descriptor;
      this.#attempt(() => fsyncSync(descriptor));
      this.#attempt(() => closeSync(descriptor));
    }
    this.#attempt(() => renameSync(this.#draft, path.join(this.#o.dir, sha256)));
    if (!this.#failed) return this.#record(sha256).catch((failure: unknown) => this.#fail(failure));
    rmSync(this.#draft, { force: true });
    return null;
  }

  async #record(sha256: string): Promise<string> {
    const { run_id, workspace_id, name } = this.#about;
    const stream = { stream_type: 'run', stream_id: run_id };
    const artifact_id = this.#o.ids.domain('artifact');
    await this.#o.store.transact(async (tx) => {
      const started = (await tx.load(stream)).find((event) => event.event_type === 'run.started');
      if (started === undefined) throw new Error('the run has not started');
      const { step_id } = started.data as unknown as DomainEventData<'run.started'>;
      const created: DomainEvent = {
        type: 'artifact.created',
        data: { artifact_id, run_id, step_id, kind: 'text', name, sha256, bytes: this.#bytes },
      };
      await tx.append(stream, 'any', [created], {
        workspace_id,
        actor: hostPrincipal,
        correlation_id: run_id,
        causation_id: run_id,
        run_id,
      });
    });
    return artifact_id;
  }

  #attempt(work: () => void): void {
    if (this.#failed) return;
    try {
      work();
    } catch (failure) {
      this.#fail(failure);
    }
  }

  #fail(failure: unknown): null {
    this.#failed = true;
    this.#o.log.error('an artifact could not be stored', failure, { run_id: this.#about.run_id });
    return null;
  }
}
