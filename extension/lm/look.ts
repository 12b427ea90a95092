// What the tools for the editor's own models see: only what an extension of the editor can know. Looked at
// before the gate is asked, so that the answer is of the very files that the question named.
import * as path from 'node:path';
import * as vscode from 'vscode';

/** What a tool saw, and the files that it is about. */
export interface Sight {
  readonly paths: readonly string[];
  readonly answer: unknown;
}

/** A look of one tool at the editor. Throws an Error with a sentence for the model. */
export type Look = (input: Readonly<Record<string, unknown>>) => Sight;

/** More than a model reads. */
const MAX_PROBLEMS = 200;
const MAX_SELECTED = 20_000;

const severities = ['error', 'warning', 'information', 'hint'] as const;

/** Where a document lies; what is in no file yet is named by its address. */
const placeOf = (uri: vscode.Uri): string => (uri.scheme === 'file' ? uri.fsPath : uri.toString());

export const workspaceFolder = (): string | undefined =>
  vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;

function diagnostics(input: Readonly<Record<string, unknown>>): Sight {
  const wanted = input['path'];
  const all =
    typeof wanted === 'string'
      ? problemsOf(path.resolve(workspaceFolder() ?? '/', wanted))
      : vscode.languages.getDiagnostics();
  const problems = all.flatMap(([uri, found]) =>
    found.map(({ range, severity, message, source }) => ({
      path: placeOf(uri),
      line: range.start.line + 1,
      column: range.start.character + 1,
      severity: severities[severity],
      message,
      source: source ?? null,
    })),
  );
  return {
    paths: all.map(([uri]) => placeOf(uri)),
    answer: { problems: problems.slice(0, MAX_PROBLEMS), total: problems.length },
  };
}

function problemsOf(file: string): [vscode.Uri, vscode.Diagnostic[]][] {
  const uri = vscode.Uri.file(file);
  return [[uri, vscode.languages.getDiagnostics(uri)]];
}

function selection(): Sight {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) throw new Error('No text editor is active.');
  const { document, selections } = editor;
  const selected = selections.map((one) => {
    const text = document.getText(one);
    return {
      start_line: one.start.line + 1,
      end_line: one.end.line + 1,
      text: text.slice(0, MAX_SELECTED),
      cut: text.length > MAX_SELECTED,
    };
  });
  const file = placeOf(document.uri);
  return {
    paths: [file],
    answer: { path: file, language: document.languageId, unsaved: document.isDirty, selected },
  };
}

function openEditors(): Sight {
  const editors = vscode.window.tabGroups.all.flatMap((group) =>
    group.tabs.flatMap((tab) => {
      const { input } = tab;
      if (!(input instanceof vscode.TabInputText)) return [];
      const about = { unsaved: tab.isDirty, pinned: tab.isPinned, group: group.viewColumn };
      return [{ path: placeOf(input.uri), active: tab.isActive && group.isActive, ...about }];
    }),
  );
  return { paths: editors.map((editor) => editor.path), answer: { editors } };
}

/** By the name under which package.json contributes them. */
export const looks = {
  hob_read_diagnostics: diagnostics,
  hob_read_selection: selection,
  hob_list_open_editors: openEditors,
} as const satisfies Readonly<Record<string, Look>>;
