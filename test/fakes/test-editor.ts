import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { HostClient } from '#schema/client/host-client.ts';
import type { CommandInput } from '#schema/commands/registry.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { ApprovalView, SignedDecision } from '#schema/views/approval.ts';
import type { DecisionHeard, SignedListen } from '#schema/views/turn.ts';
import type { EditorContext } from '#schema/views/editor-context.ts';
import {
  decisionStatement,
  enrolmentStatement,
  listenStatement,
  settingStatement,
} from '#schema/views/statements.ts';

export const TEST_WORKSPACE = 'ws_test';

const newKeys = () => generateKeyPairSync('ed25519');

/** An editor as the host sees one: a connection of role extension with a decision key. No VS Code in it. */
export class TestEditor {
  readonly client: HostClient;
  readonly publicKey: string;
  readonly keys: ReturnType<typeof newKeys>;
  deciderId = '';
  storeId = '';

  constructor(client: HostClient, keys = newKeys()) {
    this.client = client;
    this.publicKey = String(keys.publicKey.export({ format: 'jwk' }).x);
    this.keys = keys;
  }

  /** The same person and key on a new connection, after the host restarted. */
  on(client: HostClient): TestEditor {
    return Object.assign(new TestEditor(client, this.keys), {
      deciderId: this.deciderId,
      storeId: this.storeId,
    });
  }

  sign(text: string): string {
    return sign(null, Buffer.from(text, 'utf8'), this.keys.privateKey).toString('base64url');
  }

  async enroll(label = 'test editor') {
    const version = await this.client.request('host.version', {});
    this.storeId = version.store_id ?? '';
    const proof = this.sign(enrolmentStatement(this.storeId, version.instance_id, this.publicKey));
    const enrolment = await this.client.request('decider.enroll', {
      public_key: this.publicKey,
      label,
      proof,
    });
    this.deciderId = enrolment.decider_id;
    return enrolment;
  }

  async open(folders: readonly string[], change: Partial<EditorContext> = {}): Promise<void> {
    const context = {
      window_id: 'w1',
      focused: true,
      trusted: true,
      workspace_name: 'test',
      folders: [...folders],
      tasks: [],
      commands: [],
      capabilities: [],
      remote_name: null,
      panel_visible: true,
      ...change,
    };
    await this.client.request('client.context_set', context, { workspaceId: TEST_WORKSPACE });
  }

  /** A decision about an approval as it was shown, signed. `change` is applied before signing. */
  decision(
    approval: ApprovalView,
    decision: SignedDecision['decision'],
    change: Partial<SignedDecision> = {},
  ): SignedDecision {
    const statement = {
      approval_id: approval.approval_id,
      call_hash: approval.call_hash,
      decision,
      offer_id: null,
      source: 'panel' as const,
      confirmed: false,
      decided_at: new Date().toISOString(),
      decider_id: this.deciderId,
      ...change,
    };
    return {
      ...statement,
      signature: change.signature ?? this.sign(decisionStatement(this.storeId, statement)),
    };
  }

  async respond(
    approval: ApprovalView,
    decision: SignedDecision['decision'],
    change: Partial<SignedDecision> = {},
  ): Promise<ApprovalView> {
    return (
      await this.client.request('approval.respond', this.decision(approval, decision, change))
    ).approval;
  }

  /** The statement that a person begins to talk in this window, signed. `change` is applied before signing. */
  listen(change: Partial<SignedListen> = {}): SignedListen {
    const statement = {
      listen_id: randomUUID(),
      window_id: 'w1',
      mode: 'hold' as const,
      opened_at: new Date().toISOString(),
      decider_id: this.deciderId,
      ...change,
    };
    return { ...statement, signature: this.sign(listenStatement(this.storeId, statement)) };
  }

  /** From now on this editor signs what the host heard in its turns, as a window does. Returns how to stop. */
  signsWhatIsHeard(change: Partial<SignedDecision> = {}): () => void {
    return this.client.onEvent(({ event, payload }) => {
      if (event !== 'runtime.decision_heard') return;
      const heard = payload as unknown as DecisionHeard;
      const { approval_id, call_hash, decision } = heard;
      const statement = {
        approval_id,
        call_hash,
        decision,
        offer_id: null,
        source: 'voice' as const,
        confirmed: false,
        decided_at: new Date().toISOString(),
        decider_id: this.deciderId,
        heard,
        ...change,
      };
      const signature = this.sign(decisionStatement(this.storeId, statement));
      void this.client.request('approval.respond', { ...statement, signature }).catch(() => {});
    });
  }

  /** A signed change that loosens a protection. */
  signSetting(
    change: JsonObject,
  ): Pick<CommandInput<'config.patch'>, 'decided_at' | 'decider_id' | 'signature'> {
    const statement = { change, decided_at: new Date().toISOString(), decider_id: this.deciderId };
    return {
      decided_at: statement.decided_at,
      decider_id: statement.decider_id,
      signature: this.sign(settingStatement(this.storeId, statement)),
    };
  }

  async waiting(): Promise<ApprovalView[]> {
    return (await this.client.request('approval.list', {})).approvals;
  }

  /** The next question that waits; the newest one when there are several. */
  async nextCard(): Promise<ApprovalView> {
    for (let tries = 0; tries < 3_000; tries++) {
      const cards = await this.waiting();
      const card = cards.at(-1);
      if (card !== undefined) return card;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('no card came');
  }
}
