// What menus and the walkthrough ask about, from what the host says.
import * as vscode from 'vscode';
import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import type { Board } from '../cards/board.ts';
import type { Host } from '../host-process/host.ts';
import { storedIn } from '../host-process/stored.ts';

/** Stored events that complete a step of the walkthrough. */
const steps: Readonly<Record<string, string>> = {
  'turn.answered': 'hob.hasSpoken',
  'agent.connected': 'hob.agentConnected',
};

const setKey = (key: string, value: boolean): void =>
  void vscode.commands.executeCommand('setContext', key, value);

export class ContextKeys implements vscode.Disposable {
  readonly #subscriptions: vscode.Disposable;
  /** Questions of the demo agent that wait. */
  readonly #demo = new Set<string>();

  constructor(host: Host, board: Board) {
    this.#subscriptions = vscode.Disposable.from(
      host.onEvent((event) => this.#onEvent(event)),
      board.onDidChange(({ cards, status }) => {
        setKey('hob.killSwitch', status?.kill_switch ?? false);
        setKey('hob.paused', status?.state === 'stopped');
        for (const { requester, approval_id } of cards) {
          if (isDemo(requester.display)) this.#demo.add(approval_id);
        }
      }),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #onEvent(event: EventEnvelope): void {
    const stored = storedIn(event);
    if (stored === null) return;
    const key = steps[stored.event_type];
    if (key !== undefined) setKey(key, true);
    if (stored.event_type === 'approval.decided') {
      const { approval_id: id } = stored.data;
      if (typeof id === 'string' && this.#demo.delete(id)) setKey('hob.demoAnswered', true);
    }
  }
}

/** The demo agent says its name; unproven, it is shown as "calls itself demo". */
const isDemo = (display: string): boolean => /\bdemo\b/i.test(display);
