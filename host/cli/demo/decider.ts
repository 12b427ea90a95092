import { generateKeyPairSync, sign } from 'node:crypto';
import type { HostClient } from '#schema/client/host-client.ts';
import type { ApprovalView, SignedDecision } from '#schema/views/approval.ts';
import { decisionStatement, enrolmentStatement } from '#schema/views/statements.ts';

/** A decider whose key lives only as long as the demonstration. */
export interface DemoDecider {
  respond(
    approval: ApprovalView,
    decision: SignedDecision['decision'],
    confirmed: boolean,
  ): Promise<ApprovalView>;
}

/** Enrols a fresh key in a store that has no decider yet. */
export async function enrolDemoDecider(client: HostClient): Promise<DemoDecider> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const public_key = publicKey.export({ format: 'jwk' }).x ?? '';
  const signText = (text: string): string =>
    sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64url');
  const { store_id, instance_id } = await client.request('host.version', {});
  const storeId = store_id ?? '';
  const proof = signText(enrolmentStatement(storeId, instance_id, public_key));
  const label = 'the demonstration in a terminal';
  const { decider_id } = await client.request('decider.enroll', { public_key, label, proof });
  return {
    async respond(approval, decision, confirmed) {
      const statement = {
        approval_id: approval.approval_id,
        call_hash: approval.call_hash,
        decision,
        offer_id: null,
        source: 'palette' as const,
        confirmed,
        decided_at: new Date().toISOString(),
        decider_id,
      };
      const signature = signText(decisionStatement(storeId, statement));
      return (await client.request('approval.respond', { ...statement, signature })).approval;
    },
  };
}
