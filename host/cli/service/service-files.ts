import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import * as path from 'node:path';
import type { ServicePlan } from './service-plan.ts';

/** What was there before, kept in the data directory until it is put back. */
interface UndoRecord {
  v: 1;
  file: string;
  /** Base64; null when there was no such file. */
  before: string | null;
  /** Base64 of what was written. */
  after: string;
  /** Folders that were made for it, innermost first. */
  made: string[];
}

export type ServiceState =
  | { state: 'not_installed' }
  | { state: 'installed'; file: string }
  | { state: 'changed'; file: string };

/** Writes the file of a service and puts back, byte for byte, what was there before. */
export class ServiceFiles {
  readonly #record: string;

  constructor(dataDir: string) {
    this.#record = path.join(dataDir, 'service-undo.json');
  }

  state(): ServiceState {
    const record = this.#read();
    if (record === null) return { state: 'not_installed' };
    const { file, after } = record;
    const isOurs = existsSync(file) && readFileSync(file).toString('base64') === after;
    return { state: isOurs ? 'installed' : 'changed', file };
  }

  install({ file, text, encoding }: ServicePlan): void {
    const bytes = bytesOf(text, encoding);
    const before = existsSync(file) ? readFileSync(file).toString('base64') : null;
    const made = missingFolders(path.dirname(file));
    const record: UndoRecord = { v: 1, file, before, after: bytes.toString('base64'), made };
    mkdirSync(path.dirname(this.#record), { recursive: true, mode: 0o700 });
    // First how to undo it, then it.
    replace(this.#record, Buffer.from(JSON.stringify(record)));
    mkdirSync(path.dirname(file), { recursive: true });
    replace(file, bytes);
  }

  /** The caller has looked at `state`: a file that somebody changed is not overwritten. */
  remove(): void {
    const record = this.#read();
    if (record === null) return;
    if (record.before === null) rmSync(record.file, { force: true });
    else replace(record.file, Buffer.from(record.before, 'base64'));
    for (const folder of record.made) {
      try {
        rmdirSync(folder);
      } catch {
        // Something else lies in it by now.
        break;
      }
    }
    rmSync(this.#record, { force: true });
  }

  #read(): UndoRecord | null {
    try {
      const record = JSON.parse(readFileSync(this.#record, 'utf8')) as UndoRecord;
      return record.v === 1 && typeof record.file === 'string' ? record : null;
    } catch {
      return null;
    }
  }
}

const bytesOf = (text: string, encoding: ServicePlan['encoding']): Buffer =>
  encoding === 'utf8' ? Buffer.from(text) : Buffer.from(`\ufeff${text}`, 'utf16le');

function missingFolders(folder: string): string[] {
  const missing: string[] = [];
  for (let at = folder; !existsSync(at); at = path.dirname(at)) missing.push(at);
  return missing;
}

function replace(file: string, bytes: Buffer): void {
  writeFileSync(`${file}.new`, bytes, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
