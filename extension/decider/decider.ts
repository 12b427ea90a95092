// Decisions of this editor: who enrolled it, and the signature that makes an answer count.
import * as vscode from 'vscode';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { HostClient } from '#schema/client/host-client.ts';
import { LinkError } from '#schema/client/errors.ts';
import type { DeciderStatus } from '#schema/views/bridge.ts';
import type { SignedDecision } from '#schema/views/approval.ts';
import type { SignedListen } from '#schema/views/turn.ts';
import type { HostFacts } from '../host-process/host.ts';
import type { KeyStore } from './key-store.ts';
import type { DecisionKey } from './keys.ts';
import { enrolment, signDecision, signListen, signSetting } from './statements.ts';
import type { Answer, SettingSignature, Signing } from './statements.ts';

export interface DeciderOptions {
  keys: KeyStore;
  /** What this editor is called where deciders are listed. */
  label: string;
  workspaceId: string;
  log: vscode.LogOutputChannel;
}

/** Where the key is enrolled: in the host's store of this connection. */
interface Enrolled {
  key: DecisionKey;
  store_id: string;
  decider_id: string;
}

const notEnrolled: Readonly<Record<DeciderStatus, string>> = {
  unknown: 'The host is not there yet, so nothing can be decided.',
  pending: 'This editor may not decide yet: approve it in an editor that may.',
  failed: 'This editor could not be enrolled to decide; "Hob: Diagnose" says why.',
  enrolled: '',
};

export class Decider implements vscode.Disposable {
  readonly #o: DeciderOptions;
  readonly #emitter = new vscode.EventEmitter<DeciderStatus>();
  readonly onDidChange = this.#emitter.event;
  #status: DeciderStatus = 'unknown';
  #enrolled: Enrolled | null = null;
  #problem: string | null = null;

  constructor(options: DeciderOptions) {
    this.#o = options;
  }

  get status(): DeciderStatus {
    return this.#status;
  }

  /** Why it failed, in words; null otherwise. */
  get problem(): string | null {
    return this.#problem;
  }

  get deciderId(): string | null {
    return this.#enrolled?.decider_id ?? null;
  }

  /** Enrols this editor's key, or finds that it is. A step of every connection; never rejects. */
  async enrol(client: HostClient, facts: HostFacts): Promise<void> {
    try {
      const { store_id, instance_id } = facts;
      if (store_id === null) return this.#become('unknown');
      let key = await this.#o.keys.key();
      let answer = await this.#ask(client, key, { store_id, instance_id });
      const other = answer.status === 'pending' ? await this.#o.keys.changed() : null;
      if (other !== null) {
        key = other;
        answer = await this.#ask(client, key, { store_id, instance_id });
      }
      const { decider_id, status } = answer;
      this.#enrolled = { key, store_id, decider_id };
      this.#become(status);
    } catch (failure) {
      this.#enrolled = null;
      this.#become('failed', failure instanceof Error ? failure.message : String(failure));
    }
  }

  /** An enrolment that was pending has been approved. */
  approved(deciderId: string): void {
    if (this.#enrolled?.decider_id === deciderId) this.#become('enrolled');
  }

  /** Rejects with LinkError when this editor may not decide here. */
  sign(answer: Answer): SignedDecision {
    return signDecision(answer, this.#signing());
  }

  /** The same for a change that loosens a protection: `{kill_switch: false}` or `{config: changes}`. */
  signSetting(change: JsonObject): SettingSignature {
    return signSetting(change, this.#signing());
  }

  /** That a person began to talk in this window, by hand. Throws LinkError as `sign` does. */
  signListen(listen: Pick<SignedListen, 'listen_id' | 'window_id' | 'mode'>): SignedListen {
    return signListen(listen, this.#signing());
  }

  dispose(): void {
    this.#emitter.dispose();
  }

  #ask(client: HostClient, key: DecisionKey, host: { store_id: string; instance_id: string }) {
    const { label, workspaceId } = this.#o;
    return client.request('decider.enroll', enrolment(key, label, host), { workspaceId });
  }

  #signing(): Signing {
    if (this.#enrolled === null || this.#status !== 'enrolled') {
      const message = this.#problem ?? notEnrolled[this.#status];
      throw new LinkError('link_closed', { message });
    }
    return { ...this.#enrolled, now: Date.now() };
  }

  #become(status: DeciderStatus, problem: string | null = null): void {
    if (problem !== null) this.#o.log.error(`decider: ${problem}`);
    if (status === this.#status && problem === this.#problem) return;
    this.#status = status;
    this.#problem = problem;
    this.#emitter.fire(status);
  }
}
