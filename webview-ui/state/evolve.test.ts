import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import {
  approval,
  asked,
  bridge,
  command,
  event,
  forcePush,
  grant,
  id,
  NOW,
  offer,
  run,
  signed,
  status,
} from '../../test/fixtures/panel/builders.ts';
import { history } from '../../test/fixtures/panel/history.ts';
import { openOnes } from './approvals.ts';
import { evolve, SETTLED_STAYS_MS } from './evolve.ts';
import type { PanelMessage } from './message.ts';
import { initialState, type PanelState } from './model.ts';
import { footerText, orbView, selectedCard, suggestion } from './select.ts';

const after = (...messages: PanelMessage[]): PanelState =>
  messages.reduce(evolve, initialState(NOW));
const on = (state: PanelState, ...messages: PanelMessage[]): PanelState =>
  messages.reduce(evolve, state);

const connected: PanelMessage[] = [
  { kind: 'bridge', state: bridge() },
  { kind: 'snapshot', part: 'status', value: status() },
  { kind: 'loaded' },
];
const list = (...approvals: ApprovalView[]): PanelMessage => ({
  kind: 'snapshot',
  part: 'approvals',
  value: { approvals, total: approvals.length },
});
const happened = (fact: StoredEvent, attended = true): PanelMessage => ({
  kind: 'event',
  event: fact,
  attended,
});

const decided = (seq: number, n: number, decision: 'approve' | 'deny' = 'approve'): StoredEvent =>
  event(seq, 0, {
    type: 'approval.decided',
    data: { approval_id: id('appr', n), decision, signed: signed(n), grant_id: null },
  });
const expired = (seq: number, n: number): StoredEvent =>
  event(seq, 0, { type: 'approval.expired', data: { approval_id: id('appr', n) } });

const one = approval(1, command('npm test'));
const two = approval(2, command('npm run lint'));

describe('panel state', () => {
  it('[G-35] draws the same from events as from the view of the host', () => {
    const folded = after(...connected, happened(asked(401, one)));
    const { requested_at: _event, ...fromEvent } = folded.approvals[0] ?? one;
    const { requested_at: _view, ...fromHost } = one;
    assert.deepEqual(fromEvent, { ...fromHost, correlation_id: 'corr-401' });
  });

  it('[A-07] gives the same panel when events and snapshot overlap', () => {
    const events = [asked(401, one), asked(402, two), decided(403, 1)].map((fact) =>
      happened(fact),
    );
    const late: ApprovalView = {
      ...one,
      status: 'approved',
      settled_at: new Date(NOW).toISOString(),
    };
    const replayed = after(...connected, list(two), ...events, ...events);
    assert.deepEqual(
      openOnes(replayed.approvals).map((view) => view.approval_id),
      [id('appr', 2)],
    );
    const old = on(replayed, list(one, two));
    assert.deepEqual(
      openOnes(old.approvals).map((view) => view.approval_id),
      [id('appr', 2)],
      'an older snapshot opens nothing again',
    );
    const again = on(old, { kind: 'approval', approval: late, attended: true });
    assert.equal(again.settled.size, 1);
    assert.equal(new Set(again.events.map((fact) => fact.seq)).size, again.events.length);
  });

  it('[G-16] folds hold and release without deciding', () => {
    const held = after(
      ...connected,
      list(one),
      happened(
        event(401, 0, {
          type: 'approval.held',
          data: {
            approval_id: id('appr', 1),
            signed: signed(1, { decision: 'hold' }),
            remaining_ms: 9_000,
          },
        }),
      ),
    );
    assert.deepEqual(
      [
        held.approvals[0]?.status,
        held.approvals[0]?.expires_at,
        held.approvals[0]?.held_remaining_ms,
      ],
      ['held', null, 9_000],
    );
    assert.equal(orbView(held).title, '1 held');
    const until = new Date(NOW + 9_000).toISOString();
    const released = on(
      held,
      happened(
        event(402, 0, {
          type: 'approval.released',
          data: {
            approval_id: id('appr', 1),
            signed: signed(1, { decision: 'release' }),
            expires_at: until,
          },
        }),
      ),
    );
    assert.deepEqual(
      [released.approvals[0]?.status, released.approvals[0]?.expires_at],
      ['pending', until],
    );
    assert.equal(orbView(released).count, 1);
  });

  it('[F-111] keeps what settled elsewhere in its place for a while, then lets it go', () => {
    const settled = after(...connected, list(one, two), happened(decided(401, 1)));
    assert.equal(settled.approvals.length, 2);
    assert.equal(settled.total, 1);
    const tick = (ms: number, held = false): PanelMessage => ({
      kind: 'tick',
      now: NOW + ms,
      held,
    });
    assert.equal(on(settled, tick(SETTLED_STAYS_MS - 1)).approvals.length, 2);
    assert.equal(
      on(settled, tick(SETTLED_STAYS_MS, true)).approvals.length,
      2,
      'nothing moves under the pointer',
    );
    assert.equal(on(settled, tick(SETTLED_STAYS_MS)).approvals.length, 1);
  });

  it('leaves no pointer to the buttons of a card that is answered', () => {
    const error = { code: 'approval_source_refused', message: '', retryable: false };
    const typed = [
      { kind: 'turn_started', text: 'yes' },
      { kind: 'turn_failed', text: 'yes', error },
    ] as const;
    const pointed = after(...connected, list(one), ...typed);
    assert.equal(pointed.turn?.step, 'failed');
    assert.equal(on(pointed, happened(decided(401, 1))).turn, null);
  });

  it('keeps what expired unseen until somebody has seen it', () => {
    const away = after(...connected, list(one), happened(expired(401, 1), false));
    assert.equal(on(away, { kind: 'tick', now: NOW + 3_600_000, held: false }).approvals.length, 1);
    const dismissed = on(away, { kind: 'dismiss', approval_id: id('appr', 1) });
    assert.equal(dismissed.approvals.length, 0);
    const view: ApprovalView = {
      ...one,
      status: 'expired',
      settled_at: new Date(NOW).toISOString(),
    };
    const reread = on(dismissed, {
      kind: 'snapshot',
      part: 'expired',
      value: { approvals: [view], total: 1 },
    });
    assert.equal(reread.approvals.length, 0, 'a note that was dismissed stays away');
  });

  it('waits with letting go while the approved call runs', () => {
    const running = after(
      ...connected,
      list(one),
      { kind: 'snapshot', part: 'runs', value: { runs: [run(1, one.call)] } },
      happened(decided(401, 1)),
      { kind: 'tick', now: NOW + SETTLED_STAYS_MS, held: false },
    );
    assert.equal(running.approvals.length, 1);
    const done = on(
      running,
      happened(
        event(402, 0, {
          type: 'run.succeeded',
          data: { run_id: id('run', 1), result: { exit_code: 0, duration_ms: 12 } },
        }),
      ),
    );
    assert.equal(done.runs.get(id('run', 1))?.duration_ms, 12);
    assert.equal(
      on(done, { kind: 'tick', now: NOW + SETTLED_STAYS_MS, held: false }).approvals.length,
      0,
    );
  });

  it('[G-36] selects nothing by itself while something is selected, and the next one when it settles', () => {
    const state = after(...connected, list(one, two), {
      kind: 'select',
      approval_id: id('appr', 1),
    });
    assert.equal(
      on(state, happened(asked(401, approval(3, command('x'))))).ui.selected,
      id('appr', 1),
    );
    assert.equal(selectedCard(on(state, happened(decided(401, 1))))?.approval_id, id('appr', 2));
  });

  it('[G-18] takes the first half of a dangerous yes back when another card is looked at or it settles', () => {
    const confirming = after(
      ...connected,
      list(forcePush(1), two),
      { kind: 'select', approval_id: id('appr', 1) },
      { kind: 'confirming', approval_id: id('appr', 1) },
    );
    assert.equal(
      on(confirming, { kind: 'select', approval_id: id('appr', 2) }).ui.confirming,
      null,
    );
    assert.equal(on(confirming, happened(decided(401, 1, 'deny'))).ui.confirming, null);
    assert.equal(
      on(confirming, happened(asked(401, approval(3, command('x'))))).ui.confirming,
      id('appr', 1),
    );
  });

  it('[G-36] says that an answer did not count only until one counts, also the first half of a yes', () => {
    const blocked = after(...connected, list(forcePush(1)), {
      kind: 'blocked',
      approval_id: id('appr', 1),
      why: 'too soon',
    });
    assert.equal(blocked.ui.blocked?.why, 'too soon');
    const confirming = on(blocked, { kind: 'confirming', approval_id: id('appr', 1) });
    assert.equal(confirming.ui.blocked, null);
  });

  it('keeps the refusal of a decision on its card, and forgets it once the card settled', () => {
    const error = { code: 'internal_error', message: 'x', retryable: false };
    const refused = after(
      ...connected,
      list(one),
      { kind: 'decision_sent', approval_id: id('appr', 1), decision: 'deny' },
      { kind: 'decision_refused', approval_id: id('appr', 1), error },
    );
    assert.deepEqual(refused.decisions.get(id('appr', 1)), { step: 'refused', error });
    const late = after(...connected, list(one), happened(decided(401, 1)), {
      kind: 'decision_refused',
      approval_id: id('appr', 1),
      error,
    });
    assert.equal(late.decisions.size, 0);
  });

  it('[G-17] suggests the narrowest permission, and none for danger', () => {
    const offers = [
      offer('npm *', ['npm']),
      offer('npm test *', ['npm', 'test']),
      offer('exactly this call', null),
    ];
    assert.equal(suggestion({ ...one, offers })?.label, 'exactly this call');
    assert.equal(suggestion({ ...one, offers: offers.slice(0, 2) })?.label, 'npm test *');
    assert.equal(suggestion({ ...forcePush(1), offers }), null);
  });

  it('[G-53] [M-39] starts over with another store, keeping only what the person typed', () => {
    const used = after(
      ...connected,
      list(one),
      { kind: 'draft', text: 'run the' },
      { kind: 'snapshot', part: 'grants', value: { grants: [grant(1, 'git log *')] } },
    );
    const fresh = on(used, { kind: 'store_replaced' });
    assert.deepEqual(
      [fresh.approvals.length, fresh.grants.length, fresh.lastSeq, fresh.ui.draft],
      [0, 0, 0, 'run the'],
    );
  });

  it('resumes at the last event it saw, not at a head that is still on its way', () => {
    const state = after(...connected, happened(decided(401, 9)), {
      kind: 'snapshot',
      part: 'status',
      value: status({ head_seq: 450 }),
    });
    assert.equal(state.lastSeq, 401);
  });

  it('[G-35] says what is wrong first, then who waits, then what works', () => {
    const waiting = after(...connected, list(one, two));
    const set = (over: Parameters<typeof status>[0]): PanelMessage => ({
      kind: 'snapshot',
      part: 'status',
      value: status(over),
    });
    const mood = (state: PanelState): string => `${orbView(state).mood} ${orbView(state).count}`;
    assert.equal(mood(waiting), 'waiting 2');
    assert.equal(mood(on(waiting, set({ kill_switch: true }))), 'stopped 2');
    assert.equal(mood(on(waiting, set({ state: 'degraded', problem: 'x' }))), 'degraded 2');
    assert.equal(mood(on(waiting, set({ state: 'stopped' }))), 'paused 2');
    assert.equal(
      mood(on(waiting, { kind: 'bridge', state: bridge({ state: 'reconnecting' }) })),
      'offline 0',
    );
    assert.equal(mood(after(...connected, set({ executing: 1 }))), 'thinking 0');
    assert.equal(mood(after(...connected)), 'idle 0');
    assert.equal(mood(after()), 'starting 0');
    assert.equal(footerText(waiting), 'Ready · 3 agents (1 not gated)');
  });

  it('remembers what each question was about after its card is gone', () => {
    const state = after(...connected, {
      kind: 'snapshot',
      part: 'events',
      value: { events: [...history], head_seq: 400 },
    });
    assert.equal(state.asked.get(id('appr', 802))?.argv?.join(' '), 'npm publish');
    assert.equal(state.runs.get(id('run', 805))?.call.argv?.join(' '), 'npm test -- login');
  });
});
