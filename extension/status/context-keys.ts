// What menus and the walkthrough ask about, from what the host says.
import * as vscode from 'vscode';
import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import type { Board } from '../cards/board.ts';
import type { Host } from '../host-process/host.ts';
import { storedIn } from '../host-process/stored.ts';
import { stepOf, stepsDone } from './first-steps.ts';

const setKey = (key: string, value: boolean): Thenable<unknown> =>
  vscode.commands.executeCommand('setContext', key, value);

/** After its tab has opened, a walkthrough still has to be drawn, which takes longer on a busy machine. */
const DRAWN_MS = [1_000, 3_000, 8_000];

/**
 * A step that is done only pulses its key. The editor looks at the keys of a walkthrough when it first needs it,
 * and takes one that is true by then for a step that it has ticked already, which it then never does.
 */
export class ContextKeys implements vscode.Disposable {
  readonly #host: Host;
  readonly #log: vscode.LogOutputChannel;
  readonly #subscriptions: vscode.Disposable;
  readonly #done = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();
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
        void setKey('hob.killSwitch', status?.kill_switch ?? false);
        void setKey('hob.paused', status?.state === 'stopped');
      }),
      vscode.window.tabGroups.onDidChangeTabs(({ opened }) => {
        // Pages of the editor itself, its walkthroughs among them, have no input that it tells of.
        if (opened.some(({ input }) => input === undefined))
          for (const ms of DRAWN_MS) this.#after(ms, () => void this.#pulse(this.#done));
      }),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #after(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }

  /** True for no longer than the way there and back: a look at a key that happens to be true ticks nothing. */
  async #pulse(keys: Iterable<string>): Promise<void> {
    for (const key of keys) {
      await setKey(key, true);
      await setKey(key, false);
    }
  }

  #isDone(keys: readonly string[]): void {
    for (const key of keys) this.#done.add(key);
    void this.#pulse(keys);
  }

  async #lookBack(): Promise<void> {
    if (this.#hasLookedBack) return;
    this.#hasLookedBack = true;
    try {
      this.#isDone(await stepsDone((command, payload) => this.#host.request(command, payload)));
    } catch (failure) {
      // The next connection looks again.
      this.#hasLookedBack = false;
      this.#log.warn(`first steps: ${String(failure)}`);
    }
  }

  #onEvent(event: EventEnvelope): void {
    const key = stepOf(storedIn(event)?.event_type ?? '');
    if (key !== undefined) this.#isDone([key]);
  }
}
