import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { evolveApproval } from '#schema/views/approval-fold.ts';
import type { ApprovalView, SignedDecision } from '#schema/views/approval.ts';
import { decideApproval, type ApprovalCommand } from './approval.ts';

const T0 = Date.parse('2026-01-01T12:00:00.000Z');
const hash = 'a'.repeat(64);
const requested: DomainEvent = {
  type: 'approval.requested',
  data: {
    approval_id: 'appr_1',
    run_id: 'run_1',
    requester: {
      kind: 'agent',
      id: 'claimed:codex',
      display: 'codex',
      role: 'agent',
      proven: false,
    },
    task: null,
    call: { action: 'command.run', tool: 'command.run', argv: ['x'], arguments: {} },
    call_hash: hash,
    danger: false,
    danger_reasons: [],
    reason_code: 'ask.command.run.agent',
    explanation: { effect: '', where: '', reversible: 'unknown', silence: '' },
    offers: [],
    expires_at: new Date(T0 + 600_000).toISOString(),
    dedupe_key: null,
  },
};
const signed = (change: Partial<SignedDecision> = {}): SignedDecision => ({
  approval_id: 'appr_1',
  call_hash: hash,
  decision: 'approve',
  offer_id: null,
  source: 'panel',
  confirmed: false,
  decided_at: new Date(T0).toISOString(),
  decider_id: 'dec_1',
  signature: 's',
  ...change,
});
const stored = (event: DomainEvent, at = T0): StoredEvent =>
  ({
    event_type: event.type,
    data: event.data,
    occurred_at: new Date(at).toISOString(),
    workspace_id: 'ws_1',
  }) as unknown as StoredEvent;
const fold = (...events: DomainEvent[]): ApprovalView | null =>
  events.reduce<ApprovalView | null>((view, e) => evolveApproval(view, stored(e)), null);
const respond = (change: Partial<SignedDecision> = {}, at = T0 + 1): ApprovalCommand => ({
  kind: 'respond',
  signed: signed(change),
  grant_id: null,
  at,
});
/** Given these events, when this command, then these event types or this refusal. */
const given = (...events: DomainEvent[]) => ({
  when: (command: ApprovalCommand): string => {
    const outcome = decideApproval(command, fold(...events));
    return outcome.ok ? outcome.events.map((e) => e.type).join() : outcome.code;
  },
});
const apply = (
  view: ApprovalView | null,
  command: ApprovalCommand,
  at = T0,
): ApprovalView | null => {
  const outcome = decideApproval(command, view);
  return outcome.ok
    ? outcome.events.reduce<ApprovalView | null>((v, e) => evolveApproval(v, stored(e, at)), view)
    : view;
};

describe('an approval', () => {
  const danger: DomainEvent = {
    ...requested,
    data: { ...requested.data, danger: true },
  };
  const decided: DomainEvent = {
    type: 'approval.decided',
    data: { approval_id: 'appr_1', decision: 'approve', signed: signed(), grant_id: null },
  };

  it('[A-52] is approved once', () =>
    assert.equal(given(requested).when(respond()), 'approval.decided'));
  it('[F-111] is not decided twice', () =>
    assert.equal(given(requested, decided).when(respond({ decision: 'deny' })), 'already_settled'));
  it('[F-111] does not expire after a decision', () =>
    assert.equal(
      given(requested, decided).when({ kind: 'expire', at: T0 + 900_000 }),
      'already_settled',
    ));
  it('[A-52] refuses a decision about other arguments', () =>
    assert.equal(
      given(requested).when(respond({ call_hash: 'b'.repeat(64) })),
      'arguments_changed',
    ));
  it('[A-52] refuses a permission that was not offered', () =>
    assert.equal(given(requested).when(respond({ offer_id: 'wide' })), 'arguments_changed'));
  it('[A-107] refuses a decision after its time', () =>
    assert.equal(given(requested).when(respond({}, T0 + 600_000)), 'approval_expired'));
  it('[A-107] expires when its time is over, not before', () => {
    assert.equal(given(requested).when({ kind: 'expire', at: T0 + 599_999 }), '');
    assert.equal(given(requested).when({ kind: 'expire', at: T0 + 600_000 }), 'approval.expired');
  });
  it('[A-52] a hold stops the clock and a release gives the rest back', () => {
    const held = apply(fold(requested), respond({ decision: 'hold' }, T0 + 100_000));
    assert.deepEqual(
      [held?.status, held?.expires_at, held?.held_remaining_ms],
      ['held', null, 500_000],
    );
    assert.deepEqual(decideApproval({ kind: 'expire', at: T0 + 9_000_000 }, held), {
      ok: true,
      events: [],
    });
    const released = apply(held, respond({ decision: 'release' }, T0 + 5_000_000));
    assert.deepEqual(
      [released?.status, released?.expires_at],
      ['pending', new Date(T0 + 5_500_000).toISOString()],
    );
  });
  it('[A-52] can be answered while it is held', () => {
    const held = apply(fold(requested), respond({ decision: 'hold' }));
    assert.equal(apply(held, respond({ decision: 'deny' }))?.status, 'denied');
  });
  it('[G-18] danger takes the second step', () => {
    assert.equal(given(danger).when(respond()), 'second_step_required');
    assert.equal(given(danger).when(respond({ confirmed: true })), 'approval.decided');
  });
  it('[G-18] danger is never approved by voice, and may be denied by it', () => {
    assert.equal(
      given(danger).when(respond({ confirmed: true, source: 'voice' })),
      'second_step_required',
    );
    assert.equal(
      given(danger).when(respond({ decision: 'deny', source: 'voice' })),
      'approval.decided',
    );
  });
  it('[F-111] withdrawing what is settled does nothing', () =>
    assert.equal(given(requested, decided).when({ kind: 'cancel', reason: 'x' }), ''));
  it('[A-52] an unknown one is not found', () =>
    assert.equal(given().when(respond()), 'not_found'));
});
