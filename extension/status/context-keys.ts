// What menus and the walkthrough ask about, from what the host says.
import * as vscode from 'vscode';
import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import type { Board } from '../cards/board.ts';
import type { Host } from '../host-process/host.ts';
import { storedIn } from '../host-process/stored.ts';
import { stepOf, stepsDone } from './first-steps.ts';

const setKey = (key: string, value: boolean): void =>
  void vscode.commands.executeCommand('setContext', key, value);

export class ContextKeys implements vscode.Disposable {
  readonly #host: Host;
  readonly #log: vscode.LogOutputChannel;
  readonly #subscriptions: vscode.Disposable;
  #hasLookedBack = false;

  constructor(host: Host, board: Board, log: vscode.LogOutputChannel) {
    this.#host = host;
    this.#log = log;
    this.#subscriptions = vscode.Disposable.from(
      host.onEvent((event) => this.#onEvent(event)),
      host.onDidChangeState(({ kind }) => {
        if (kind === 'connected') void this.#lookBack();
      }),
      board.onDidChange(({ status }) => {
        setKey('hob.killSwitch', status?.kill_switch ?? false);
        setKey('hob.paused', status?.state === 'stopped');
      }),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #lookBack(): Promise<void> {
    if (this.#hasLookedBack) return;
    this.#hasLookedBack = true;
    try {
      const done = await stepsDone((command, payload) => this.#host.request(command, payload));
      for (const key of done) setKey(key, true);
    } catch (failure) {
      // The next connection looks again.
      this.#hasLookedBack = false;
      this.#log.warn(`first steps: ${String(failure)}`);
    }
  }

  #onEvent(event: EventEnvelope): void {
    const key = stepOf(storedIn(event)?.event_type ?? '');
    if (key !== undefined) setKey(key, true);
  }
}
