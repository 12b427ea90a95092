import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { clientProof, hostProof, proofMatches } from './handshake.ts';
import vectors from './handshake-vectors.json' with { type: 'json' };

const encoded = (proof: Buffer): string => proof.toString('base64url');

describe('handshake proofs', () => {
  for (const { name, key_hex, client_nonce_hex, host_nonce_hex, frames } of vectors.vectors) {
    const key = Buffer.from(key_hex, 'hex');
    const terms = {
      role: frames.hello.role,
      channel: frames.hello.channel ?? 'envelope',
      instanceId: frames.challenge.instance_id,
      clientNonce: Buffer.from(client_nonce_hex, 'hex'),
      hostNonce: Buffer.from(host_nonce_hex, 'hex'),
    };
    const { principal_hint: hint, token = '' } = frames.auth;

    it(`[R-05] [G-02] gives the published bytes for ${name}`, () => {
      assert.equal(encoded(hostProof(key, terms)), frames.challenge.proof);
      assert.equal(encoded(clientProof(key, terms, hint, token)), frames.auth.proof);
    });

    it(`[R-05] changes with every part, for ${name}`, () => {
      const other = Buffer.alloc(32, 7);
      const proofs = [
        hostProof(key, terms),
        hostProof(other, terms),
        hostProof(key, { ...terms, role: 'panel' }),
        hostProof(key, { ...terms, channel: 'other' }),
        hostProof(key, { ...terms, instanceId: 'another' }),
        hostProof(key, { ...terms, clientNonce: other }),
        hostProof(key, { ...terms, hostNonce: other }),
        hostProof(key, { ...terms, clientNonce: terms.hostNonce, hostNonce: terms.clientNonce }),
        clientProof(key, terms, hint, token),
        clientProof(key, terms, `${hint}x`, token),
        clientProof(key, terms, hint, `${token}x`),
        // The border between two parts is part of the proof.
        clientProof(key, terms, `${hint}${token}`, ''),
      ].map(encoded);
      const expected = token === '' ? proofs.length - 1 : proofs.length;
      assert.equal(new Set(proofs).size, expected);
    });
  }

  it('compares in full and never throws on a proof of another length', () => {
    const proof = Buffer.alloc(32, 1);
    assert.equal(proofMatches(proof, encoded(proof)), true);
    for (const wrong of [
      '',
      'AA',
      encoded(Buffer.alloc(31, 1)),
      encoded(Buffer.alloc(33, 1)),
      encoded(Buffer.alloc(32, 2)),
      '***',
    ]) {
      assert.equal(proofMatches(proof, wrong), false, wrong);
    }
  });
});
