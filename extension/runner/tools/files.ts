import * as vscode from 'vscode';
import { activeEditor, fileName } from '../observe.ts';
import type { EditorTools } from '../ports.ts';
import { ToolFailure } from '../tool-failure.ts';

const unsaved = (): vscode.TextDocument[] =>
  vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty);

export const fileTools: Pick<EditorTools, 'editor.save_file' | 'editor.save_all'> = {
  'editor.save_file': async () => {
    const { document } = activeEditor();
    if (document.isUntitled) {
      throw new ToolFailure(
        'editor_not_saved',
        'This file has no name yet; save it once by hand (Save As).',
      );
    }
    await document.save();
    if (document.isDirty) throw new ToolFailure('editor_not_saved');
    return { file: fileName(document), dirty: false };
  },

  'editor.save_all': async () => {
    const before = unsaved();
    await vscode.workspace.saveAll(false);
    return {
      saved: before.filter(({ isDirty }) => !isDirty).map(fileName),
      unsaved: unsaved().map(fileName),
    };
  },
};
