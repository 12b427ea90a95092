import * as vscode from 'vscode';
import type { Board } from '../cards/board.ts';
import type { Host } from '../host-process/host.ts';
import { summarize, type Summary } from './summary.ts';

const background: Readonly<Record<Summary['severity'], string | undefined>> = {
  none: undefined,
  warning: 'statusBarItem.warningBackground',
  error: 'statusBarItem.errorBackground',
};

/** State and number waiting; a click shows the panel. */
export class StatusBar implements vscode.Disposable {
  readonly #host: Host;
  readonly #board: Board;
  readonly #item: vscode.StatusBarItem;
  readonly #subscriptions: vscode.Disposable;

  constructor(host: Host, board: Board) {
    this.#host = host;
    this.#board = board;
    this.#item = vscode.window.createStatusBarItem('hob.state', vscode.StatusBarAlignment.Left, 90);
    this.#item.name = 'Hob';
    this.#item.command = 'hob.showPanel';
    this.#subscriptions = vscode.Disposable.from(
      host.onDidChangeState(() => this.#draw()),
      board.onDidChange(() => this.#draw()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('hob.statusBar')) this.#draw();
      }),
    );
    this.#draw();
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#item.dispose();
  }

  #draw(): void {
    const { text, tooltip, severity } = summarize(this.#host.state, this.#board.view);
    const color = background[severity];
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: text.replace(/^\$\([^)]*\) /, '') };
    this.#item.backgroundColor = color === undefined ? undefined : new vscode.ThemeColor(color);
    if (vscode.workspace.getConfiguration('hob').get('statusBar', true)) this.#item.show();
    else this.#item.hide();
  }
}
