// Texts that are shown and not kept: events, plans, differences, diagnostics.
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';

const SCHEME = 'hob';

export class ReadOnlyDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #subscriptions: vscode.Disposable;

  constructor() {
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  /** Opens a text in a preview tab. @param name with the extension that says its language */
  async show(name: string, text: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.#add(name, text));
    await vscode.window.showTextDocument(document, { preview: true });
  }

  /** Opens two texts side by side in the diff editor. */
  async diff(title: string, name: string, before: string, after: string): Promise<void> {
    const [left, right] = [this.#add(name, before), this.#add(name, after)];
    await vscode.commands.executeCommand('vscode.diff', left, right, title);
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#texts.clear();
  }

  #add(name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${randomUUID()}/${name}` });
    this.#texts.set(uri.toString(), text);
    return uri;
  }
}
