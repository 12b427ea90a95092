import * as vscode from 'vscode';
import type { EditorToolResult } from '#schema/views/editor-tools.ts';
import { activeEditor, becomes, currentPlace, focused, samePlace } from '../observe.ts';
import type { EditorTools, ToolContext } from '../ports.ts';
import { ToolFailure } from '../tool-failure.ts';

/** Moves as the editor's own "go to" does, so that "go back" knows the way. */
async function jumpTo(editor: vscode.TextEditor, position: vscode.Position): Promise<void> {
  const { uri } = editor.document;
  const target = new vscode.Location(uri, position);
  const from = editor.selection.active;
  await vscode.commands.executeCommand('editor.action.goToLocations', uri, from, [target], 'goto');
}

type Problem = EditorToolResult<'editor.next_problem'>;
const severities = ['error', 'warning', 'info', 'hint'] as const;

const allProblems = (): (readonly [vscode.Uri, vscode.Diagnostic])[] =>
  vscode.languages
    .getDiagnostics()
    .flatMap(([uri, list]) => list.map((diagnostic) => [uri, diagnostic] as const));

/** The problem under the cursor, once the editor has moved there. */
function problemHere(): vscode.Diagnostic | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const { active } = editor.selection;
  return vscode.languages
    .getDiagnostics(editor.document.uri)
    .find(({ range }) => range.start.isEqual(active) || range.contains(active));
}

async function goToProblem(command: string, { signal }: ToolContext): Promise<Problem> {
  if (allProblems().length === 0) throw new ToolFailure('editor_no_problems');
  await focused(activeEditor());
  const before = currentPlace();
  await vscode.commands.executeCommand(command);
  // With one problem, the next one is the same: then nothing moves.
  await becomes(() => !samePlace(before, currentPlace()), signal, 1_000);
  const problem = problemHere();
  if (problem === undefined) throw new ToolFailure('editor_no_effect');
  return {
    ...currentPlace(),
    message: problem.message,
    severity: severities[problem.severity],
    problems: allProblems().length,
  };
}

export const moveTools: Pick<
  EditorTools,
  'editor.go_to_line' | 'editor.go_back' | 'editor.next_problem' | 'editor.previous_problem'
> = {
  'editor.go_to_line': async ({ line }, { signal }) => {
    const editor = await focused(activeEditor());
    // As the editor itself does: past the end is the last line.
    const wanted = Math.min(line, editor.document.lineCount);
    await jumpTo(editor, new vscode.Position(wanted - 1, 0));
    if (!(await becomes(() => currentPlace().line === wanted, signal))) {
      throw new ToolFailure('editor_no_effect');
    }
    return currentPlace();
  },

  'editor.go_back': async (_args, { signal }) => {
    const before = currentPlace();
    await vscode.commands.executeCommand('workbench.action.navigateBack');
    if (!(await becomes(() => !samePlace(before, currentPlace()), signal, 1_000))) {
      throw new ToolFailure('editor_no_effect', 'There is no earlier place to go back to.');
    }
    return currentPlace();
  },

  'editor.next_problem': (_args, context) =>
    goToProblem('editor.action.marker.nextInFiles', context),
  'editor.previous_problem': (_args, context) =>
    goToProblem('editor.action.marker.prevInFiles', context),
};
