// What the tests in the workbench stand on: files in the open folder, editors on them, waiting.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Api } from '../../extension/extension.ts';

/** The folder that the harness opened. */
export function folder(): vscode.WorkspaceFolder {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first, 'the suite runs without a folder');
  return first;
}

export function writeFile(name: string, text: string): string {
  const file = path.join(folder().uri.fsPath, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** Writes a file and opens it in the first group, alone. */
export async function openFile(name: string, text: string): Promise<vscode.TextEditor> {
  await closeAll();
  const document = await vscode.workspace.openTextDocument(writeFile(name, text));
  return vscode.window.showTextDocument(document, { preview: false });
}

/** Closes every editor; what is dirty is reverted first. */
export async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Inserts at the start of an editor, until it was taken: an edit at an older version is refused. */
export async function insert(editor: vscode.TextEditor, text: string): Promise<void> {
  const start = new vscode.Position(0, 0);
  await until('the edit', async () => editor.edit((edit) => edit.insert(start, text)));
  await until('the unsaved file', () => editor.document.isDirty);
}

export const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `line ${index + 1}`).join('\n');

/** Waits until `look` gives something. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 240_000,
): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    assert.ok(performance.now() < end, `${what}: not within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** This extension, active. */
export async function hob(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>('hob.hob');
  assert.ok(extension, 'the extension is not installed');
  return extension.activate();
}

/** Connected to its host. */
export async function connectedHob(): Promise<Api> {
  const api = await hob();
  await until('the host', () => api.hostState() === 'connected');
  return api;
}
