import * as vscode from 'vscode';
import { activeEditor, becomes, fileName } from '../observe.ts';
import type { EditorTools } from '../ports.ts';
import { ToolFailure } from '../tool-failure.ts';

const unsaved = (): vscode.TextDocument[] =>
  vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty);

export const fileTools: Pick<EditorTools, 'editor.save_file' | 'editor.save_all'> = {
  'editor.save_file': async (_args, { signal }) => {
    const { document } = activeEditor();
    if (document.isUntitled) {
      throw new ToolFailure(
        'editor_not_saved',
        'This file has no name yet; save it once by hand (Save As).',
      );
    }
    await document.save();
    // A busy editor says that it was saved before it says that the document is clean.
    if (!(await becomes(() => !document.isDirty, signal)))
      throw new ToolFailure('editor_not_saved');
    return { file: fileName(document), dirty: false };
  },

  'editor.save_all': async (_args, { signal }) => {
    const before = unsaved();
    // The editor may know of changes that have not been told here yet.
    const saved = new Set<vscode.TextDocument>();
    const listening = vscode.workspace.onDidSaveTextDocument((document) => saved.add(document));
    try {
      if (await vscode.workspace.saveAll(false))
        await becomes(
          () => before.every(({ isDirty, isUntitled }) => isUntitled || !isDirty),
          signal,
        );
    } finally {
      listening.dispose();
    }
    for (const document of before) if (!document.isDirty) saved.add(document);
    return {
      saved: [...saved].map(fileName),
      unsaved: unsaved().map(fileName),
    };
  },
};
