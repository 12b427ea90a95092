import { join } from 'node:path';
import { HobError } from '#host/kernel/errors.ts';
import type { HookedAgent } from '../../core/hook-request.ts';
import type { UndoFile } from '../../core/connect.ts';
import type { ConfigFiles, UndoRecords } from '../ports.ts';

/** One JSON file an agent under `<data>/agents/`. Private: a configuration may hold a secret. */
export class UndoRecordFiles implements UndoRecords {
  readonly #folder: string;
  readonly #files: ConfigFiles;

  constructor(dataDir: string, files: ConfigFiles) {
    this.#folder = join(dataDir, 'agents');
    this.#files = files;
  }

  async load(agent: HookedAgent): Promise<readonly UndoFile[]> {
    const text = await this.#files.read(this.#path(agent));
    if (text === null) return [];
    try {
      const record = JSON.parse(text) as { v: number; files: UndoFile[] };
      if (record.v === 1 && Array.isArray(record.files)) return record.files;
    } catch {
      // Falls through: a record nobody can read must not look like "never connected".
    }
    throw new HobError('agent_config_invalid', {
      message: `${this.#path(agent)} is damaged; Hob cannot tell what it wrote.`,
    });
  }

  async save(agent: HookedAgent, files: readonly UndoFile[]): Promise<void> {
    const path = this.#path(agent);
    const next = files.length === 0 ? null : `${JSON.stringify({ v: 1, agent, files }, null, 2)}\n`;
    await this.#files.replace(path, await this.#files.read(path), next);
  }

  #path(agent: HookedAgent): string {
    return join(this.#folder, `connect-${agent}.json`);
  }
}
