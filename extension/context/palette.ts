// The commands of the palette with the titles that people say. An extension cannot ask the editor for them: those
// of extensions are in their manifests, those of the editor itself in the table below.
import * as vscode from 'vscode';
import type { EditorContext } from '#schema/views/editor-context.ts';

type PaletteCommand = EditorContext['commands'][number];

/** More than any editor has; what comes later is not offered. */
const MOST = 4_000;
/** Orders of Hob itself have sentences of their own, and deciding is no command. */
const own = /^hob\./;

const builtIn: readonly (readonly [id: string, title: string])[] = [
  ['workbench.action.toggleZenMode', 'View: Toggle Zen Mode'],
  ['workbench.action.toggleFullScreen', 'View: Toggle Full Screen'],
  ['editor.action.toggleWordWrap', 'View: Toggle Word Wrap'],
  ['editor.action.toggleMinimap', 'View: Toggle Minimap'],
  ['workbench.action.zoomIn', 'View: Zoom In'],
  ['workbench.action.zoomOut', 'View: Zoom Out'],
  ['workbench.action.zoomReset', 'View: Reset Zoom'],
  ['workbench.view.explorer', 'View: Show Explorer'],
  ['workbench.view.search', 'View: Show Search'],
  ['workbench.view.extensions', 'View: Show Extensions'],
  ['workbench.action.output.toggleOutput', 'View: Toggle Output'],
  ['workbench.action.togglePanel', 'View: Toggle Panel Visibility'],
  ['workbench.action.closeAllEditors', 'View: Close All Editors'],
  ['workbench.action.splitEditorDown', 'View: Split Editor Down'],
  ['workbench.action.focusFirstEditorGroup', 'View: Focus First Editor Group'],
  ['workbench.action.moveEditorToNextGroup', 'View: Move Editor Into Next Group'],
  ['workbench.action.files.newUntitledFile', 'File: New Untitled Text File'],
  ['workbench.action.files.openFile', 'File: Open File'],
  ['workbench.action.openRecent', 'File: Open Recent'],
  ['workbench.action.files.saveWithoutFormatting', 'File: Save Without Formatting'],
  ['workbench.action.files.revert', 'File: Revert File'],
  ['workbench.action.files.copyPathOfActiveFile', 'File: Copy Path of Active File'],
  ['editor.action.revealDefinition', 'Go to Definition'],
  ['editor.action.goToReferences', 'Go to References'],
  ['workbench.action.showAllSymbols', 'Go to Symbol in Workspace'],
  ['editor.action.jumpToBracket', 'Go to Bracket'],
  ['workbench.action.navigateForward', 'Go Forward'],
  ['editor.action.rename', 'Rename Symbol'],
  ['editor.action.formatSelection', 'Format Selection'],
  ['editor.foldAll', 'Fold All'],
  ['editor.unfoldAll', 'Unfold All'],
  ['editor.action.commentLine', 'Toggle Line Comment'],
  ['editor.action.blockComment', 'Toggle Block Comment'],
  ['editor.action.deleteLines', 'Delete Line'],
  ['editor.action.duplicateSelection', 'Duplicate Selection'],
  ['editor.action.transformToUppercase', 'Transform to Uppercase'],
  ['editor.action.trimTrailingWhitespace', 'Trim Trailing Whitespace'],
  ['editor.action.insertCursorBelow', 'Add Cursor Below'],
  ['editor.action.selectHighlights', 'Select All Occurrences of Find Match'],
  ['editor.action.smartSelect.expand', 'Expand Selection'],
  ['editor.action.quickFix', 'Quick Fix'],
  ['editor.action.organizeImports', 'Organize Imports'],
  ['workbench.action.editor.changeLanguageMode', 'Change Language Mode'],
  ['workbench.action.selectTheme', 'Preferences: Color Theme'],
  ['workbench.action.openGlobalKeybindings', 'Preferences: Open Keyboard Shortcuts'],
  ['workbench.action.terminal.new', 'Terminal: Create New Terminal'],
  ['workbench.action.terminal.kill', 'Terminal: Kill the Active Terminal Instance'],
  ['workbench.action.terminal.clear', 'Terminal: Clear'],
  ['editor.debug.action.toggleBreakpoint', 'Debug: Toggle Breakpoint'],
  ['workbench.action.debug.stepOver', 'Debug: Step Over'],
  ['workbench.action.debug.stepInto', 'Debug: Step Into'],
  ['workbench.action.debug.continue', 'Debug: Continue'],
  ['workbench.action.debug.stop', 'Debug: Stop'],
  ['workbench.action.debug.restart', 'Debug: Restart'],
  ['workbench.action.reloadWindow', 'Developer: Reload Window'],
  ['testing.reRunFailTests', 'Test: Run Failed Tests'],
  ['testing.debugLastRun', 'Test: Debug Last Run'],
  ['notifications.clearAll', 'Notifications: Clear All Notifications'],
];

/** Commands that exist in this window now. */
export async function paletteCommands(): Promise<readonly PaletteCommand[]> {
  const existing = new Set(await vscode.commands.getCommands(true));
  const all = [...builtIn.map(([id, title]) => ({ id, title })), ...contributed()];
  return all.filter(({ id }) => existing.has(id) && !own.test(id)).slice(0, MOST);
}

/** The one command of this title here, or undefined where there is none or more than one. */
export async function commandTitled(title: string): Promise<string | undefined> {
  const ids = new Set(
    (await paletteCommands()).filter((one) => one.title === title).map(({ id }) => id),
  );
  return ids.size === 1 ? [...ids][0] : undefined;
}

interface Manifest {
  contributes?: {
    commands?: unknown;
    menus?: { commandPalette?: unknown };
  };
}

function contributed(): PaletteCommand[] {
  return vscode.extensions.all.flatMap(({ packageJSON }) => {
    const { contributes } = packageJSON as Manifest;
    const hidden = hiddenIn(contributes?.menus?.commandPalette);
    const commands = Array.isArray(contributes?.commands) ? contributes.commands : [];
    return commands.flatMap((command: unknown) => {
      const { command: id, title, category } = (command ?? {}) as Record<string, unknown>;
      const name = wordsOf(title);
      if (typeof id !== 'string' || name === '' || hidden.has(id)) return [];
      const group = wordsOf(category);
      return [
        { id: id.slice(0, 256), title: `${group === '' ? '' : `${group}: `}${name}`.slice(0, 256) },
      ];
    });
  });
}

/** What manifests keep out of the palette for good. Other conditions only the editor can tell. */
function hiddenIn(entries: unknown): ReadonlySet<string> {
  const rows = Array.isArray(entries) ? (entries as { command?: unknown; when?: unknown }[]) : [];
  return new Set(
    rows.flatMap(({ command, when }) =>
      typeof command === 'string' && when === 'false' ? [command] : [],
    ),
  );
}

/** A text of a manifest: translated, or with its original beside the translation. */
function wordsOf(text: unknown): string {
  const value =
    typeof text === 'object' && text !== null ? (text as { value?: unknown }).value : text;
  return typeof value === 'string' && !value.startsWith('%') ? value.trim() : '';
}
