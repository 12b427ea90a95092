// Says that something waits when nobody would see it: one notification a card, in the window it belongs
// to. It opens the card; it decides only what fits in it whole and is not dangerous.
import * as vscode from 'vscode';
import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import type { DomainEventData } from '#schema/events/domain-events.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import { callText } from '#schema/views/call-text.ts';
import { visibleText } from '#schema/views/visible-text.ts';
import type { Answers } from '../cards/answer.ts';
import type { Board } from '../cards/board.ts';
import { fitsOnOneLine } from '../cards/fits.ts';
import type { Host } from '../host-process/host.ts';
import { storedIn } from '../host-process/stored.ts';

export interface NotificationsOptions {
  host: Host;
  board: Board;
  answers: Answers;
  workspaceId: string;
  panel: { readonly visible: boolean; showCard(approvalId?: string): Promise<void> };
}

/** A click that comes sooner was not meant for what it hit. */
const TOO_SOON_MS = 500;
/** When one is answered, the one above comes down to where the pointer is, under the second click of a double one. */
const AFTER_ANOTHER_MS = 1_000;
const approve = 'Approve Once';
const deny = 'Deny';
const open = 'Open Card';

export class Notifications implements vscode.Disposable {
  readonly #o: NotificationsOptions;
  readonly #subscriptions: vscode.Disposable;
  readonly #told = new Set<string>();
  #answeredAt = -Infinity;

  constructor(options: NotificationsOptions) {
    this.#o = options;
    const { host, board } = options;
    this.#subscriptions = vscode.Disposable.from(
      board.onDidChange(() => this.#tell()),
      vscode.window.onDidChangeWindowState(() => this.#tell()),
      host.onEvent((event) => this.#onEvent(event)),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** A card belongs to the windows of its workspace; one that belongs to none, to the window in use. */
  #isOurs(workspaceId: string): boolean {
    return workspaceId === this.#o.workspaceId || vscode.window.state.focused;
  }

  /** The panel shows it already, or nothing is to be said. */
  #isSilent(): boolean {
    const setting = vscode.workspace
      .getConfiguration('hob')
      .get<string>('notifications', 'whenPanelHidden');
    const inSight = this.#o.panel.visible && vscode.window.state.focused;
    return setting === 'never' || (setting !== 'always' && inSight);
  }

  #tell(): void {
    const { cards } = this.#o.board.view;
    const waiting = new Set(cards.map(({ approval_id }) => approval_id));
    for (const id of this.#told) if (!waiting.has(id)) this.#told.delete(id);
    const silent = this.#isSilent();
    for (const card of cards) {
      if (card.status !== 'pending' || this.#told.has(card.approval_id)) continue;
      if (!this.#isOurs(card.workspace_id)) continue;
      // Seen in the panel counts as told: no notification when the panel is closed a moment later.
      this.#told.add(card.approval_id);
      if (!silent) void this.#ask(card);
    }
  }

  async #ask(card: ApprovalView): Promise<void> {
    const whole = fitsOnOneLine(card);
    const call = whole ? callText(card.call) : card.explanation.effect;
    const where = card.call.cwd === undefined ? '' : ` in ${card.call.cwd}`;
    const text = `${visibleText(card.requester.display)} asks: ${visibleText(call)}${where}`;
    const shownAt = performance.now();
    const choice = whole
      ? await vscode.window.showInformationMessage(text, open, approve, deny)
      : await vscode.window.showWarningMessage(text, open);
    if (choice === undefined) return;
    const now = performance.now();
    const tooSoon = now - shownAt < TOO_SOON_MS || now - this.#answeredAt < AFTER_ANOTHER_MS;
    this.#answeredAt = now;
    if (choice === open || tooSoon) return this.#o.panel.showCard(card.approval_id);
    await this.#o.answers.give({
      approval: card,
      decision: choice === approve ? 'approve' : 'deny',
      offer_id: null,
      source: 'notification',
      confirmed: false,
    });
  }

  #onEvent(event: EventEnvelope): void {
    const stored = storedIn(event);
    if (stored === null || !this.#isOurs(stored.workspace_id)) return;
    if (stored.event_type === 'notification.shown')
      this.#show(stored.data as DomainEventData<'notification.shown'>);
    if (stored.event_type === 'inquiry.asked')
      void this.#asked(stored.data as DomainEventData<'inquiry.asked'>);
  }

  /** What an agent or a server asks is answered on its card; here it is only said that it is there. */
  async #asked({ requester, question }: DomainEventData<'inquiry.asked'>): Promise<void> {
    if (this.#isSilent()) return;
    const text = `${visibleText(requester.display)} asks you: ${visibleText(question)}`;
    const choice = await vscode.window.showInformationMessage(text, open);
    if (choice === open) await this.#o.panel.showCard();
  }

  /** What agents and the CLI say with notify.show. */
  #show({ title, message, level }: DomainEventData<'notification.shown'>): void {
    const text = visibleText(message === '' ? title : `${title}: ${message}`);
    if (level === 'error') void vscode.window.showErrorMessage(text);
    else if (level === 'warning') void vscode.window.showWarningMessage(text);
    else void vscode.window.showInformationMessage(text);
  }
}
