// How tools look at the window: what is open, where the cursor is, and waiting until something shows.
import * as vscode from 'vscode';
import { ToolFailure } from './tool-failure.ts';

/** Documents that people edit; output, debug console and the like have schemes of their own. */
const editable = new Set(['file', 'untitled', 'vscode-userdata', 'vscode-remote', 'vscode-vfs']);

/** The editor with the text that people mean by "this file". Throws ToolFailure `editor_no_file`. */
export function activeEditor(): vscode.TextEditor {
  const editor = vscode.window.activeTextEditor;
  if (editor !== undefined && editable.has(editor.document.uri.scheme)) return editor;
  const visible = vscode.window.visibleTextEditors.find((one) =>
    editable.has(one.document.uri.scheme),
  );
  if (visible === undefined) throw new ToolFailure('editor_no_file');
  return visible;
}

/** Gives the editor the keyboard, since the editor's own commands act on what has it. */
export async function focused(editor: vscode.TextEditor): Promise<vscode.TextEditor> {
  const { document, viewColumn } = editor;
  return vscode.window.showTextDocument(document, {
    preserveFocus: false,
    ...(viewColumn === undefined ? {} : { viewColumn }),
  });
}

/** A document as results name it: relative to the workspace where it lies in it. */
export const fileName = (document: vscode.TextDocument): string =>
  vscode.workspace.asRelativePath(document.uri);

export interface Place {
  file: string | null;
  line: number | null;
  column: number | null;
}

/** Where the cursor is now. */
export function currentPlace(): Place {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return { file: null, line: null, column: null };
  const { line, character } = editor.selection.active;
  return { file: fileName(editor.document), line: line + 1, column: character + 1 };
}

export const samePlace = (a: Place, b: Place): boolean =>
  a.file === b.file && a.line === b.line && a.column === b.column;

const POLL_MS = 20;
const PATIENCE_MS = 2_000;

/** Waits until `look` sees something; undefined when it never did. The editor's commands return before they show. */
export async function seen<T>(
  look: () => T | undefined,
  signal: AbortSignal,
  patienceMs = PATIENCE_MS,
): Promise<T | undefined> {
  const end = performance.now() + patienceMs;
  for (;;) {
    if (signal.aborted) throw new ToolFailure('editor_cancelled');
    const found = look();
    if (found !== undefined || performance.now() > end) return found;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The same for a condition. */
export const becomes = async (
  holds: () => boolean,
  signal: AbortSignal,
  patienceMs?: number,
): Promise<boolean> => (await seen(() => holds() || undefined, signal, patienceMs)) === true;
