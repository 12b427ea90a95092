// Sends an answer of the person at this window, signed, and says in words what became of it.
import * as vscode from 'vscode';
import { describeFailure } from '#schema/client/errors.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import { callText } from '#schema/views/call-text.ts';
import { visibleText } from '#schema/views/visible-text.ts';
import type { Decider } from '../decider/decider.ts';
import type { Answer } from '../decider/statements.ts';
import type { Host } from '../host-process/host.ts';

const SHOWN_MS = 5_000;
const words = { approve: 'Approved', deny: 'Denied', hold: 'Held', release: 'Released' } as const;

export class Answers {
  readonly #host: Host;
  readonly #decider: Decider;

  constructor(host: Host, decider: Decider) {
    this.#host = host;
    this.#decider = decider;
  }

  /** Null when it did not count; the person has been told why. */
  async give(answer: Answer & { approval: ApprovalView }): Promise<ApprovalView | null> {
    try {
      const signed = this.#decider.sign(answer);
      const { approval } = await this.#host.request('approval.respond', signed);
      const call = visibleText(callText(approval.call)).slice(0, 80);
      vscode.window.setStatusBarMessage(`$(check) ${words[answer.decision]}: ${call}`, SHOWN_MS);
      return approval;
    } catch (failure) {
      const { message } = describeFailure(failure);
      void vscode.window.showWarningMessage(`Hob: your answer did not count. ${message}`);
      return null;
    }
  }
}
