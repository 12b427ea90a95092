import { canonicalJson } from '../envelope/canonical.ts';
import type { JsonObject } from '../envelope/json.ts';
import type { SignedDecision } from './approval.ts';
import type { SignedListen } from './turn.ts';

/*
 * The exact texts that a decider signs (Ed25519 over their UTF-8 bytes). `store_id` binds a
 * statement to one event store, so a decision cannot be replayed in another.
 */

/** What approval.respond carries the signature of. A spoken decision signs what was heard as well. */
export const decisionStatement = (storeId: string, d: Omit<SignedDecision, 'signature'>): string =>
  canonicalJson({
    purpose: d.heard === undefined ? 'hob.decision.v1' : 'hob.decision.v2',
    store_id: storeId,
    approval_id: d.approval_id,
    call_hash: d.call_hash,
    decision: d.decision,
    offer_id: d.offer_id,
    source: d.source,
    confirmed: d.confirmed,
    decided_at: d.decided_at,
    decider_id: d.decider_id,
    ...(d.heard === undefined ? {} : { heard: { ...d.heard } }),
  });

/** That a person began to talk by hand, for conversation.listen_start. Each `listen_id` opens one turn. */
export const listenStatement = (storeId: string, l: Omit<SignedListen, 'signature'>): string =>
  canonicalJson({
    purpose: 'hob.listen.v1',
    store_id: storeId,
    listen_id: l.listen_id,
    window_id: l.window_id,
    mode: l.mode,
    opened_at: l.opened_at,
    decider_id: l.decider_id,
  });

/**
 * A change that loosens a protection. `change` is `{"kill_switch": false}` for
 * policy.kill_switch_set, and `{"config": <the patch's changes>}` for config.patch.
 */
export const settingStatement = (
  storeId: string,
  s: { change: JsonObject; decided_at: string; decider_id: string },
): string =>
  canonicalJson({
    purpose: 'hob.setting.v1',
    store_id: storeId,
    change: s.change,
    decided_at: s.decided_at,
    decider_id: s.decider_id,
  });

/** Proof that the enroller holds the private key. `instance_id` of the host keeps it fresh. */
export const enrolmentStatement = (
  storeId: string,
  instanceId: string,
  publicKey: string,
): string =>
  canonicalJson({
    purpose: 'hob.enrolment.v1',
    store_id: storeId,
    instance_id: instanceId,
    public_key: publicKey,
  });
