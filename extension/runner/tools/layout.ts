import * as vscode from 'vscode';
import { activeEditor, becomes, focused, seen } from '../observe.ts';
import type { EditorTools } from '../ports.ts';
import { ToolFailure } from '../tool-failure.ts';

const { tabGroups } = vscode.window;
const run = (command: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(command, ...args);

/** The settings are a tab of a kind that extensions do not see, or settings.json for those who prefer it. */
function settingsTab(tab: vscode.Tab | undefined): vscode.Tab | undefined {
  if (tab === undefined) return undefined;
  if (tab.input instanceof vscode.TabInputText) {
    return tab.input.uri.path.endsWith('/settings.json') ? tab : undefined;
  }
  return tab.input === undefined ? tab : undefined;
}

/**
 * The terminal. The editor's own toggle only gives it the focus when that is elsewhere, and does not
 * say which it did; with the focus first, it hides. What was done last stands for what is shown.
 */
function terminalTool(): EditorTools['editor.toggle_terminal'] {
  let shown = false;
  return async ({ state }, { signal }) => {
    shown = state === undefined ? !shown : state === 'shown';
    const none = vscode.window.terminals.length === 0;
    if (shown || !none) await run('workbench.action.terminal.focus');
    if (shown && none) await becomes(() => vscode.window.terminals.length > 0, signal, 5_000);
    if (!shown && !none) await run('workbench.action.terminal.toggleTerminal');
    return { state: shown ? 'shown' : 'hidden', terminals: vscode.window.terminals.length };
  };
}

const sidebarCommands = {
  shown: 'workbench.action.focusSideBar',
  hidden: 'workbench.action.closeSidebar',
  toggled: 'workbench.action.toggleSidebarVisibility',
} as const;

/** Made once a window, since the terminal's tool remembers what it did. */
export const layoutTools = (): Pick<
  EditorTools,
  | 'editor.open_settings'
  | 'editor.close_editor'
  | 'editor.split_editor'
  | 'editor.toggle_terminal'
  | 'editor.toggle_sidebar'
  | 'editor.find_in_files'
  | 'editor.open_source_control'
> => ({
  'editor.open_settings': async (_args, { signal }) => {
    await run('workbench.action.openSettings');
    const tab = await seen(() => settingsTab(tabGroups.activeTabGroup.activeTab), signal);
    if (tab === undefined) throw new ToolFailure('editor_no_effect');
    return { tab: tab.label };
  },

  'editor.close_editor': async () => {
    const tab = tabGroups.activeTabGroup.activeTab;
    if (tab === undefined) throw new ToolFailure('editor_no_file', 'No editor is open.');
    if (tab.isDirty) {
      const message = `${tab.label} has unsaved changes; save it or close it by hand.`;
      throw new ToolFailure('editor_not_saved', message);
    }
    const { label } = tab;
    if (!(await tabGroups.close(tab))) throw new ToolFailure('editor_failed');
    return { closed: label, editors: tabGroups.all.flatMap(({ tabs }) => tabs).length };
  },

  'editor.split_editor': async (_args, { signal }) => {
    await focused(activeEditor());
    const before = tabGroups.all.length;
    await run('workbench.action.splitEditor');
    if (!(await becomes(() => tabGroups.all.length > before, signal))) {
      throw new ToolFailure('editor_no_effect');
    }
    return { groups: tabGroups.all.length };
  },

  'editor.toggle_terminal': terminalTool(),

  'editor.toggle_sidebar': async ({ state = 'toggled' as const }) => {
    await run(sidebarCommands[state]);
    return { state };
  },

  'editor.find_in_files': async ({ query }) => {
    const search = query === undefined ? {} : { query, triggerSearch: true };
    await run('workbench.action.findInFiles', search);
    return { query: query ?? null };
  },

  'editor.open_source_control': async () => {
    await run('workbench.view.scm');
    return { view: 'scm' };
  },
});
