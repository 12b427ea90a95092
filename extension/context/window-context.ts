// Tells the host what this window is, when it connects and whenever that changes.
import * as vscode from 'vscode';
import type { HostClient } from '#schema/client/host-client.ts';
import type { EditorContext } from '#schema/views/editor-context.ts';
import { paletteCommands } from './palette.ts';
import type { TaskList } from './task-list.ts';

export interface WindowContextOptions {
  windowId: string;
  workspaceId: string;
  tasks: TaskList;
  /** Names of the tools that this window executes. */
  capabilities: () => Promise<readonly string[]>;
  panelVisible: () => boolean;
  onDidChangePanel: vscode.Event<unknown>;
  /** Sends over the connection of now; rejects while there is none. */
  send: (context: EditorContext) => Promise<unknown>;
  log: vscode.LogOutputChannel;
}

const DEBOUNCE_MS = 50;

export class WindowContext implements vscode.Disposable {
  readonly #o: WindowContextOptions;
  readonly #subscriptions: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;
  #sent = '';

  constructor(options: WindowContextOptions) {
    this.#o = options;
    const changed = (): void => this.#schedule();
    this.#subscriptions = vscode.Disposable.from(
      vscode.window.onDidChangeWindowState(changed),
      vscode.workspace.onDidChangeWorkspaceFolders(changed),
      vscode.workspace.onDidGrantWorkspaceTrust(changed),
      vscode.extensions.onDidChange(changed),
      options.tasks.onDidChange(changed),
      options.onDidChangePanel(changed),
    );
  }

  /** A step of every connection: the host forgets a window that disconnects. */
  async introduce(client: HostClient): Promise<void> {
    const context = await this.#collect();
    this.#sent = JSON.stringify(context);
    const { workspaceId, log } = this.#o;
    await client
      .request('client.context_set', context, { workspaceId })
      .catch((failure: unknown) => log.warn(`context: ${String(failure)}`));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscriptions.dispose();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#update(), DEBOUNCE_MS);
  }

  async #update(): Promise<void> {
    const context = await this.#collect();
    const text = JSON.stringify(context);
    if (text === this.#sent) return;
    this.#sent = text;
    await this.#o.send(context).catch((failure: unknown) => {
      // Without a connection the next one begins with `introduce`.
      this.#o.log.debug(`context: ${String(failure)}`);
    });
  }

  async #collect(): Promise<EditorContext> {
    const { windowId, tasks, capabilities, panelVisible } = this.#o;
    const { workspaceFolders = [], isTrusted, name } = vscode.workspace;
    return {
      window_id: windowId,
      focused: vscode.window.state.focused,
      trusted: isTrusted,
      workspace_name: name ?? 'no folder',
      folders: workspaceFolders.map(({ uri }) =>
        uri.scheme === 'file' ? uri.fsPath : uri.toString(),
      ),
      tasks: [...tasks.tasks],
      commands: [...(await paletteCommands())],
      capabilities: [...(await capabilities())],
      remote_name: vscode.env.remoteName ?? null,
      panel_visible: panelVisible(),
    };
  }
}
