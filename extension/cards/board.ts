// What waits, and how the host is: read whole from the host when it connects and after every event that
// may have changed it, never folded from events here.
import * as vscode from 'vscode';
import type { CommandResult } from '#schema/commands/registry.ts';
import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import type { Host } from '../host-process/host.ts';
import { storedIn } from '../host-process/stored.ts';

export type RuntimeStatus = CommandResult<'runtime.status'>;

export interface BoardView {
  /** Pending and held, oldest first. */
  readonly cards: readonly ApprovalView[];
  /** Null while the host does not answer. */
  readonly status: RuntimeStatus | null;
}

const DEBOUNCE_MS = 20;
const matters = /^(?:approval|runtime|policy|config|agent|decider|host)\./;

export class Board implements vscode.Disposable {
  readonly #host: Host;
  readonly #log: vscode.LogOutputChannel;
  readonly #emitter = new vscode.EventEmitter<BoardView>();
  readonly onDidChange = this.#emitter.event;
  readonly #subscriptions: vscode.Disposable;
  #view: BoardView = { cards: [], status: null };
  #timer: NodeJS.Timeout | undefined;
  /** Answers of an older question must not replace those of a newer one. */
  #asked = 0;

  constructor(host: Host, log: vscode.LogOutputChannel) {
    this.#host = host;
    this.#log = log;
    this.#subscriptions = vscode.Disposable.from(
      host.onEvent((event) => this.#onEvent(event)),
      host.onDidChangeState(() => this.#schedule()),
    );
  }

  get view(): BoardView {
    return this.#view;
  }

  /** The cards of now, asked from the host. */
  async fresh(): Promise<readonly ApprovalView[]> {
    await this.#refresh();
    return this.#view.cards;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscriptions.dispose();
    this.#emitter.dispose();
  }

  #onEvent(event: EventEnvelope): void {
    if (matters.test(storedIn(event)?.event_type ?? '')) this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#refresh(), DEBOUNCE_MS);
  }

  async #refresh(): Promise<void> {
    const turn = ++this.#asked;
    const view = await this.#ask();
    if (turn !== this.#asked) return;
    this.#view = view;
    this.#emitter.fire(view);
  }

  async #ask(): Promise<BoardView> {
    if (this.#host.state.kind !== 'connected') return { cards: [], status: null };
    const [status, list] = await Promise.allSettled([
      this.#host.request('runtime.status', {}),
      this.#host.request('approval.list', { limit: 500 }),
    ]);
    for (const { reason } of [status, list].filter((one) => one.status === 'rejected')) {
      this.#log.warn(`board: ${String(reason)}`);
    }
    return {
      status: status.status === 'fulfilled' ? status.value : null,
      cards: list.status === 'fulfilled' ? list.value.approvals : [],
    };
  }
}
