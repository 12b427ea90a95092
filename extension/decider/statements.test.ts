import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { describe, it } from 'mocha';
import { signedDecisionSchema } from '#schema/views/approval.ts';
import {
  decisionStatement,
  enrolmentStatement,
  settingStatement,
} from '#schema/views/statements.ts';
import { decisionKey, newPrivateKey } from './keys.ts';
import { enrolment, signDecision, signSetting } from './statements.ts';

const key = decisionKey(newPrivateKey());
const signing = {
  key,
  store_id: 'store-1',
  decider_id: `dec_${'0'.repeat(26)}`,
  now: 1_800_000_000_000,
};
const isSigned = (text: string, signature: string): boolean =>
  verify(
    null,
    Buffer.from(text),
    createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.publicKey }, format: 'jwk' }),
    Buffer.from(signature, 'base64url'),
  );

describe('what this editor signs', () => {
  const answer = {
    approval: { approval_id: `appr_${'0'.repeat(26)}`, call_hash: 'a'.repeat(64) },
    decision: 'approve',
    offer_id: null,
    source: 'panel',
    confirmed: false,
  } as const;

  it('[F-42] a decision: everything in it, bound to one store', () => {
    const signed = signedDecisionSchema.parse(signDecision(answer, signing));
    const { signature, ...unsigned } = signed;
    assert.equal(isSigned(decisionStatement('store-1', unsigned), signature), true);
    assert.equal(isSigned(decisionStatement('store-2', unsigned), signature), false);
    const changed = { ...unsigned, call_hash: 'b'.repeat(64) };
    assert.equal(isSigned(decisionStatement('store-1', changed), signature), false);
  });

  it('a setting that loosens a protection', () => {
    const change = { kill_switch: false };
    const { signature, ...rest } = signSetting(change, signing);
    assert.equal(isSigned(settingStatement('store-1', { change, ...rest }), signature), true);
    const other = { change: { kill_switch: true }, ...rest };
    assert.equal(isSigned(settingStatement('store-1', other), signature), false);
  });

  it('an enrolment: proof of the key, for one life of one host', () => {
    const host = { store_id: 'store-1', instance_id: 'i-1' };
    const { public_key, proof } = enrolment(key, 'Code', host);
    assert.equal(isSigned(enrolmentStatement('store-1', 'i-1', public_key), proof), true);
    assert.equal(isSigned(enrolmentStatement('store-1', 'i-2', public_key), proof), false);
  });
});
