import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  decide,
  evolve,
  listening,
  MAX_LIVE_TURNS,
  type Happened,
  type LiveTurn,
  type TurnEvent,
  type Turns,
} from './turn-machine.ts';

const turn = (
  turn_id: string,
  window_id: string | null = 'w1',
  mode: LiveTurn['mode'] = 'hold',
) => ({
  turn_id,
  window_id,
  mode,
  connection_id: window_id === null ? 'cli' : `c-${window_id}`,
});
const start = (
  id: string,
  window_id: string | null = 'w1',
  more: { mode?: LiveTurn['mode']; take_over?: boolean; gate_open?: boolean } = {},
): Happened => ({
  kind: 'start',
  turn: turn(id, window_id, more.mode ?? (window_id === null ? 'file' : 'hold')),
  take_over: more.take_over ?? false,
  gate_open: more.gate_open ?? true,
});

function after(...all: Happened[]): { turns: Turns; events: TurnEvent[] } {
  let turns: Turns = [];
  const events: TurnEvent[] = [];
  for (const happened of all) {
    const decision = decide(turns, happened);
    if (!decision.ok) continue;
    for (const event of decision.events) turns = evolve(turns, event);
    events.push(...decision.events);
  }
  return { turns, events };
}

const ids = ['t1', 't2', 't3', 't4', 't5'];
const anything: fc.Arbitrary<Happened> = fc.oneof(
  fc.record({
    kind: fc.constant('start' as const),
    turn: fc
      .record({
        turn_id: fc.uuid(),
        window_id: fc.constantFrom('w1', 'w2', null),
        mode: fc.constantFrom('hold' as const, 'tap' as const),
      })
      .map((t) => turn(t.turn_id, t.window_id, t.window_id === null ? 'file' : t.mode)),
    take_over: fc.boolean(),
    gate_open: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('finish' as const), turn_id: fc.constantFrom(...ids) }),
  fc.record({
    kind: fc.constant('reach' as const),
    turn_id: fc.constantFrom(...ids),
    state: fc.constantFrom(
      'listening' as const,
      'recognising' as const,
      'understood' as const,
      'editing' as const,
      'acting' as const,
      'speaking' as const,
    ),
  }),
  fc.record({
    kind: fc.constant('end' as const),
    turn_id: fc.constantFrom(...ids),
    reason: fc.constantFrom('done' as const, 'microphone_lost' as const, 'aborted' as const),
  }),
  fc.constant({ kind: 'gate_closed' as const }),
  fc.record({
    kind: fc.constant('connection_closed' as const),
    connection_id: fc.constantFrom('c-w1', 'c-w2', 'cli'),
  }),
  fc.constant({ kind: 'stop_all' as const }),
);
/** Histories in which starts use the few ids in order, so that the rest hits them. */
const histories = fc.array(anything, { maxLength: 40 }).map((all) => {
  let next = 0;
  return all.map((happened): Happened => {
    if (happened.kind !== 'start') return happened;
    const turn_id = ids[next++] ?? happened.turn.turn_id;
    return { ...happened, turn: { ...happened.turn, turn_id } };
  });
});

describe('the turn machine', () => {
  it('[V-10] at most one turn has the ears, whatever happens', () => {
    fc.assert(
      fc.property(histories, (all) => {
        let turns: Turns = [];
        for (const happened of all) {
          const decision = decide(turns, happened);
          if (!decision.ok) continue;
          for (const event of decision.events) {
            turns = evolve(turns, event);
            const ears = turns.filter(({ state }) => state === 'listening');
            assert.ok(ears.length <= 1);
          }
        }
      }),
    );
  });

  it('[V-10] every turn that began ends exactly once, and nothing is said of it afterwards', () => {
    fc.assert(
      fc.property(histories, (all) => {
        const { turns, events } = after(...all, { kind: 'stop_all' });
        assert.deepEqual(turns, []);
        const began = events.flatMap((e) => (e.type === 'began' ? [e.turn.turn_id] : []));
        for (const id of began) {
          const own = events.filter((e) => e.type !== 'began' && e.turn_id === id);
          assert.equal(own.filter((e) => e.type === 'ended').length, 1);
          assert.equal(own.at(-1)?.type, 'ended');
        }
      }),
    );
  });

  it('[V-10] a turn only goes forward', () => {
    const order = ['listening', 'recognising', 'understood', 'editing', 'acting', 'speaking'];
    fc.assert(
      fc.property(histories, (all) => {
        const { events } = after(...all);
        const at = new Map<string, number>();
        for (const event of events) {
          if (event.type !== 'reached') continue;
          const now = order.indexOf(event.state);
          assert.ok(now > (at.get(event.turn_id) ?? 0));
          at.set(event.turn_id, now);
        }
      }),
    );
  });

  it('[V-11] a second window is told who has the microphone, and takes it only when it says so', () => {
    const { turns } = after(start('t1', 'w1'));
    const refused = decide(turns, start('t2', 'w2'));
    assert.ok(!refused.ok);
    assert.equal(refused.code, 'microphone_in_use');
    assert.equal(refused.by?.window_id, 'w1');
    const taken = decide(turns, start('t2', 'w2', { take_over: true }));
    assert.deepEqual(
      taken.ok && taken.events.map((e) => [e.type, e.type === 'ended' ? e.reason : '']),
      [
        ['ended', 'taken_over'],
        ['began', ''],
      ],
    );
  });

  it('[V-11] the same window begins anew; a file gives way to a person and never to another file', () => {
    assert.deepEqual(
      after(start('t1'), start('t2')).turns.map((t) => t.turn_id),
      ['t2'],
    );
    assert.deepEqual(
      after(start('f1', null), start('t1')).turns.map((t) => t.turn_id),
      ['t1'],
    );
    assert.deepEqual(
      after(start('t1'), start('f1', null)).turns.map((t) => t.turn_id),
      ['t1'],
    );
    assert.deepEqual(
      after(start('f1', null), start('f2', null)).turns.map((t) => t.turn_id),
      ['f1'],
    );
  });

  it('a turn that acts does not keep the next from being heard', () => {
    const { turns } = after(
      start('t1'),
      { kind: 'finish', turn_id: 't1' },
      { kind: 'reach', turn_id: 't1', state: 'acting' },
      start('t2'),
    );
    assert.deepEqual(
      turns.map((t) => [t.turn_id, t.state]),
      [
        ['t1', 'acting'],
        ['t2', 'listening'],
      ],
    );
  });

  it('[V-12] a window that closes ends its own turns only; a lost device ends the one that used it', () => {
    const { turns } = after(
      start('t1', 'w1'),
      { kind: 'reach', turn_id: 't1', state: 'acting' },
      start('t2', 'w2'),
      { kind: 'connection_closed', connection_id: 'c-w1' },
    );
    assert.deepEqual(
      turns.map((t) => t.turn_id),
      ['t2'],
    );
    const { events } = after(start('t1'), {
      kind: 'end',
      turn_id: 't1',
      reason: 'microphone_lost',
    });
    assert.deepEqual(events.at(-1), { type: 'ended', turn_id: 't1', reason: 'microphone_lost' });
  });

  it('a closed gate lets no microphone open, and files through', () => {
    const closed = decide([], start('t1', 'w1', { gate_open: false }));
    assert.ok(!closed.ok && closed.code === 'microphone_closed');
    assert.ok(decide([], start('f1', null, { gate_open: false })).ok);
    assert.equal(listening(after(start('t1'), { kind: 'gate_closed' }).turns), null);
  });

  it('a client that loops is stopped', () => {
    const many = Array.from({ length: MAX_LIVE_TURNS }, (_, at): Happened[] => [
      start(`t${at}`),
      { kind: 'reach', turn_id: `t${at}`, state: 'acting' },
    ]).flat();
    const refused = decide(after(...many).turns, start('one more'));
    assert.ok(!refused.ok && refused.code === 'too_many_requests');
  });
});
