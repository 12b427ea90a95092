import * as vscode from 'vscode';
import type { EditorToolResult } from '#schema/views/editor-tools.ts';
import { activeEditor, becomes, currentPlace, focused } from '../observe.ts';
import type { EditorTools, ToolContext } from '../ports.ts';
import { ToolFailure } from '../tool-failure.ts';

type Edited = EditorToolResult<'editor.undo'>;

/** Runs a command of the editor on the active file and says whether the text changed. */
async function edit(command: string, { signal }: ToolContext): Promise<Edited> {
  const { document } = await focused(activeEditor());
  const { version } = document;
  await vscode.commands.executeCommand(command);
  const changed = await becomes(() => document.version !== version, signal, 1_000);
  return {
    ...currentPlace(),
    changed,
    dirty: document.isDirty,
    version: document.version,
  };
}

async function editOrFail(command: string, context: ToolContext, why: string): Promise<Edited> {
  const result = await edit(command, context);
  if (!result.changed) throw new ToolFailure('editor_no_change', why);
  return result;
}

/** What formatters would change: undefined when no extension formats this language. */
async function formatterEdits(document: vscode.TextDocument): Promise<unknown[] | undefined> {
  const options = { tabSize: 2, insertSpaces: true };
  return vscode.commands.executeCommand<unknown[] | undefined>(
    'vscode.executeFormatDocumentProvider',
    document.uri,
    options,
  );
}

export const editTools: Pick<
  EditorTools,
  'editor.format_document' | 'editor.undo' | 'editor.redo'
> = {
  'editor.format_document': async (_args, context) => {
    const { document } = activeEditor();
    if ((await formatterEdits(document)) === undefined) {
      const message = `No installed extension formats ${document.languageId} files; install one.`;
      throw new ToolFailure('editor_failed', message);
    }
    return edit('editor.action.formatDocument', context);
  },
  'editor.undo': (_args, context) => editOrFail('undo', context, 'There is nothing to undo.'),
  'editor.redo': (_args, context) => editOrFail('redo', context, 'There is nothing to redo.'),
};
