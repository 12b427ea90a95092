// The record, or what of it matches a search, as JSON Lines in a file that the person chose.
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { Host } from '../host-process/host.ts';
import { wantedEvents, type WantedEvents } from './wanted-events.ts';

/** Asks where to, writes, and says how many there were. Nothing is written when no file is chosen. */
export async function exportEvents(host: Host, wanted: WantedEvents): Promise<void> {
  const day = new Date().toISOString().slice(0, 10);
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const place = folder?.uri ?? vscode.Uri.file(homedir());
  const file = await vscode.window.showSaveDialog({
    title: wanted.text === '' ? 'Export the whole record' : `Export what matches "${wanted.text}"`,
    saveLabel: 'Export',
    defaultUri: vscode.Uri.joinPath(place, `hob-record-${day}.jsonl`),
    filters: { 'JSON Lines': ['jsonl'] },
  });
  if (file === undefined) return;
  const events = wantedEvents((payload) => host.request('event.query', payload), wanted);
  const title = 'Hob: exporting the record';
  const location = vscode.ProgressLocation.Notification;
  const count = await vscode.window.withProgress(
    { location, title, cancellable: true },
    (progress, token) => write(file, events, progress, token),
  );
  if (count === null) return;
  const words = `Hob: ${count} ${count === 1 ? 'event' : 'events'} exported. "hob verify --export FILE" holds such a file against the record.`;
  const shown = await vscode.window.showInformationMessage(words, 'Open');
  if (shown === 'Open') await vscode.window.showTextDocument(file);
}

/** How many were written; null when it was cancelled. What the file held before is there until all is written. */
async function write(
  file: vscode.Uri,
  pages: AsyncIterable<readonly StoredEvent[]>,
  progress: vscode.Progress<{ message: string }>,
  token: vscode.CancellationToken,
): Promise<number | null> {
  let count = 0;
  const sink = await sinkFor(file);
  try {
    for await (const events of pages) {
      if (token.isCancellationRequested) {
        await sink.drop();
        return null;
      }
      await sink.add(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      count += events.length;
      progress.report({ message: `${count}` });
    }
    await sink.close();
    return count;
  } catch (failure) {
    await sink.drop();
    throw failure;
  }
}

interface Sink {
  add(text: string): Promise<void>;
  close(): Promise<void>;
  drop(): Promise<void>;
}

/** A record may be larger than memory, so it is written page by page where the place lets us. */
async function sinkFor(file: vscode.Uri): Promise<Sink> {
  if (file.scheme !== 'file') return memorySink(file);
  // A name that nobody can foresee: what lies in the workspace, also a link to elsewhere, is never written through.
  const part = `${file.fsPath}.${randomBytes(6).toString('hex')}.part`;
  const handle = await open(part, 'wx', 0o600);
  return {
    add: (text) => handle.writeFile(text),
    close: async () => {
      await handle.sync();
      await handle.close();
      await rename(part, file.fsPath);
    },
    drop: async () => {
      await handle.close();
      await rm(part, { force: true });
    },
  };
}

function memorySink(file: vscode.Uri): Sink {
  const parts: Uint8Array[] = [];
  return {
    add: async (text) => void parts.push(Buffer.from(text)),
    close: async () => vscode.workspace.fs.writeFile(file, Buffer.concat(parts)),
    drop: async () => undefined,
  };
}
