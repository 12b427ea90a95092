import type { CommandInput } from '#schema/commands/registry.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type {
  ApprovalView,
  DecisionKind,
  DecisionSource,
  SignedDecision,
} from '#schema/views/approval.ts';
import {
  decisionStatement,
  enrolmentStatement,
  listenStatement,
  settingStatement,
} from '#schema/views/statements.ts';
import type { DecisionHeard, SignedListen } from '#schema/views/turn.ts';
import type { DecisionKey } from './keys.ts';

/** What a person answered to one card. */
export interface Answer {
  approval: Pick<ApprovalView, 'approval_id' | 'call_hash'>;
  decision: DecisionKind;
  /** The standing permission that was chosen with it; null = only this once. */
  offer_id: string | null;
  source: DecisionSource;
  /** They took the second, deliberate step that danger needs. */
  confirmed: boolean;
  /** With source `voice`: what the host heard, which is signed as well. */
  heard?: DecisionHeard;
}

/** Who signs, for which store, and when. */
export interface Signing {
  key: DecisionKey;
  store_id: string;
  decider_id: string;
  now: number;
}

const isoTime = (ms: number): string => new Date(ms).toISOString();

export function signDecision(
  answer: Answer,
  { key, store_id, decider_id, now }: Signing,
): SignedDecision {
  const { approval, ...rest } = answer;
  const { approval_id, call_hash } = approval;
  const unsigned = { approval_id, call_hash, ...rest, decided_at: isoTime(now), decider_id };
  return { ...unsigned, signature: key.sign(decisionStatement(store_id, unsigned)) };
}

/** That a person began to talk by hand: what `conversation.listen_start` carries beside the window and mode. */
export function signListen(
  listen: Pick<SignedListen, 'listen_id' | 'window_id' | 'mode'>,
  { key, store_id, decider_id, now }: Signing,
): SignedListen {
  const unsigned = { ...listen, opened_at: isoTime(now), decider_id };
  return { ...unsigned, signature: key.sign(listenStatement(store_id, unsigned)) };
}

/** The signature's fields of `config.patch` and `policy.kill_switch_set`. */
export function signSetting(
  change: JsonObject,
  { key, store_id, decider_id, now }: Signing,
): SettingSignature {
  const decided_at = isoTime(now);
  const signature = key.sign(settingStatement(store_id, { change, decided_at, decider_id }));
  return { decided_at, decider_id, signature };
}
export interface SettingSignature {
  decided_at: string;
  decider_id: string;
  signature: string;
}

/** The payload that enrols a key in a host. */
export const enrolment = (
  key: DecisionKey,
  label: string,
  host: { store_id: string; instance_id: string },
): CommandInput<'decider.enroll'> => ({
  public_key: key.publicKey,
  label,
  proof: key.sign(enrolmentStatement(host.store_id, host.instance_id, key.publicKey)),
});
