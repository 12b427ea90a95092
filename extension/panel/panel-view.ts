// The webview of the side bar: its document, its bridge, and what the editor does when it asks.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type {
  BridgeFromPanel,
  BridgeState,
  BridgeToPanel,
  PanelCommand,
  TalkAct,
} from '#schema/views/bridge.ts';
import { describeFailure } from '#schema/client/errors.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { SignedDecision } from '#schema/views/approval.ts';
import type { EventEnvelope, ResponseEnvelope } from '#schema/envelope/envelope.ts';
import type { Decider } from '../decider/decider.ts';
import { diffSides } from '../documents/diff-sides.ts';
import type { ReadOnlyDocuments } from '../documents/read-only.ts';
import type { Host } from '../host-process/host.ts';
import { panelHtml } from './html.ts';

export const PANEL_VIEW = 'hob.panel';

export interface PanelViewOptions {
  extensionUri: vscode.Uri;
  host: Host;
  decider: Decider;
  documents: ReadOnlyDocuments;
  windowId: string;
  log: vscode.LogOutputChannel;
  /** The hand at the orb or the microphone button. */
  onTalk: (act: TalkAct) => void;
  /** The person wants to say the answer to what an agent asked. */
  onTalkAnswer: (inquiryId: string) => void;
}

/** What the panel may ask the editor for, as commands of the editor. */
const editorCommands: Readonly<
  Record<PanelCommand, readonly [command: string, ...args: string[]]>
> = {
  open_walkthrough: ['hob.openWalkthrough'],
  open_settings: ['workbench.action.openSettings', '@ext:hob.hob'],
  show_log: ['hob.openLog'],
  manage_trust: ['workbench.trust.manage'],
  restart_host: ['hob.restartHost'],
  reload_window: ['workbench.action.reloadWindow'],
  run_demo: ['hob.runDemoAgent'],
  choose_microphone: ['hob.chooseMicrophone'],
};

type ToPanel = BridgeToPanel | ResponseEnvelope | EventEnvelope;

export class PanelView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #o: PanelViewOptions;
  readonly #visibility = new vscode.EventEmitter<boolean>();
  readonly onDidChangeVisibility = this.#visibility.event;
  readonly #subscriptions: vscode.Disposable;
  #view: vscode.WebviewView | null = null;
  /** Messages wait here until the panel says that it listens. */
  #waiting: BridgeToPanel[] = [];
  #ready = false;

  constructor(options: PanelViewOptions) {
    this.#o = options;
    const changed = (): void => this.#post(this.#state());
    const { host, decider } = options;
    this.#subscriptions = vscode.Disposable.from(
      vscode.window.registerWebviewViewProvider(PANEL_VIEW, this),
      host.onDidChangeState(changed),
      decider.onDidChange(changed),
      vscode.workspace.onDidGrantWorkspaceTrust(changed),
      vscode.workspace.onDidChangeWorkspaceFolders(changed),
      vscode.window.onDidChangeWindowState(({ focused }) =>
        this.#post({ bridge: 'window', focused }),
      ),
      host.onPanelEvent((event) => this.#post(event)),
    );
  }

  get visible(): boolean {
    return this.#view?.visible ?? false;
  }

  /** Brings the panel into sight and the card with it. */
  async showCard(approvalId?: string): Promise<void> {
    if (approvalId !== undefined) {
      this.#send({ bridge: 'focus_approval', approval_id: approvalId });
    }
    await vscode.commands.executeCommand(`${PANEL_VIEW}.focus`);
  }

  /** Why talking did not begin; null when it has. Nobody sees it while the panel is hidden. */
  tellTalkProblem(error: WireError | null): void {
    this.#post({ bridge: 'talk_problem', error });
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    this.#ready = false;
    const { webview } = view;
    const dist = vscode.Uri.joinPath(this.#o.extensionUri, 'dist');
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    const received = this.#connect(webview);
    const visibility = view.onDidChangeVisibility(() => this.#visibility.fire(view.visible));
    view.onDidDispose(() => {
      received.dispose();
      visibility.dispose();
      if (this.#view !== view) return;
      this.#view = null;
      this.#ready = false;
      this.#o.onTalk('lost');
      this.#visibility.fire(false);
    });
    webview.html = this.#html(webview, dist);
    this.#visibility.fire(view.visible);
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#visibility.dispose();
  }

  #html(webview: vscode.Webview, dist: vscode.Uri): string {
    const file = (name: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
    const hasStyles = existsSync(vscode.Uri.joinPath(dist, 'panel.css').fsPath);
    return panelHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(18).toString('base64url'),
      script: file('panel.js'),
      styles: hasStyles ? [file('panel.css')] : [],
      codicons: file('codicon.css'),
    });
  }

  /** The bridge brings zod with it, so it is loaded when there is a panel. */
  #connect(webview: vscode.Webview): vscode.Disposable {
    const { host, decider, windowId, log } = this.#o;
    const bridge = import('./bridge.ts').then(
      ({ PanelBridge }) =>
        new PanelBridge({
          post: (message) => this.#post(message),
          request: (command, payload, options) => host.panelRequest(command, payload, options),
          sign: (answer) => decider.sign(answer) as SignedDecision & JsonObject,
          signSetting: (change) =>
            decider.status === 'enrolled' ? decider.signSetting(change) : null,
          windowId,
          onBridge: (message) => void this.#onBridge(message),
          warn: (text) => log.warn(text),
        }),
    );
    return webview.onDidReceiveMessage(async (message: unknown) => {
      await (await bridge).receive(message);
    });
  }

  async #onBridge(message: BridgeFromPanel): Promise<void> {
    try {
      switch (message.bridge) {
        case 'ready':
          return this.#onReady();
        case 'open_event':
          return await this.#openEvent(message.seq);
        case 'export_events':
          return await this.#exportEvents(message);
        case 'run_command':
          await vscode.commands.executeCommand(...editorCommands[message.command]);
          return;
        case 'talk':
          return this.#o.onTalk(message.act);
        case 'talk_answer':
          return this.#o.onTalkAnswer(message.inquiry_id);
        case 'show_diff':
          return await this.#showDiff(message.approval_id);
        case 'open_sign_in':
          // As text: what a Uri makes of a query is not always what it was.
          await vscode.env.openExternal(message.url as unknown as vscode.Uri);
          return;
      }
    } catch (failure) {
      void vscode.window.showErrorMessage(`Hob: ${describeFailure(failure).message}`);
    }
  }

  #onReady(): void {
    this.#ready = true;
    this.#post(this.#state());
    this.#post({ bridge: 'window', focused: vscode.window.state.focused });
    for (const message of this.#waiting.splice(0)) this.#post(message);
  }

  async #openEvent(seq: number): Promise<void> {
    const { event } = await this.#o.host.request('event.get', { seq });
    await this.#o.documents.show(`event-${seq}.json`, `${JSON.stringify(event, null, 2)}\n`);
  }

  async #exportEvents(wanted: { text: string; seqs: readonly number[] }): Promise<void> {
    const { exportEvents } = await import('../documents/export-events.ts');
    await exportEvents(this.#o.host, wanted);
  }

  async #showDiff(approvalId: string): Promise<void> {
    const { approval } = await this.#o.host.request('approval.get', { approval_id: approvalId });
    const { diff, paths } = approval.call;
    if (diff === undefined) throw new Error('This call comes without a diff.');
    const name = paths?.[0]?.split(/[\\/]/).at(-1) ?? 'change.txt';
    const { before, after } = diffSides(diff);
    await this.#o.documents.diff(`${name}: what it asks to change`, name, before, after);
  }

  #state(): BridgeState {
    const { host, decider } = this.#o;
    const { kind, detail } = host.state;
    return {
      bridge: 'state',
      state: kind,
      detail: (detail ?? decider.problem)?.slice(0, 2_048) ?? null,
      window_name: (vscode.workspace.name ?? 'no folder').slice(0, 256),
      window_id: this.#o.windowId,
      trusted: vscode.workspace.isTrusted,
      can_decide: kind === 'connected' && decider.status === 'enrolled',
      decider_status: decider.status,
    };
  }

  /** For what must not be lost while the panel is not there yet. */
  #send(message: BridgeToPanel): void {
    if (this.#ready) this.#post(message);
    else this.#waiting.push(message);
  }

  #post(message: ToPanel): void {
    if (this.#ready) void this.#view?.webview.postMessage(message);
  }
}
