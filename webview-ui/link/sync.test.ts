import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { CommandName } from '#schema/commands/registry.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { evolve } from '../state/evolve.ts';
import {
  approval,
  asked,
  bridge,
  command,
  event,
  id,
  NOW,
  status,
} from '../../test/fixtures/panel/builders.ts';
import { agents, quiet } from '../../test/fixtures/panel/scenes.ts';
import { initialState, type PanelState } from '../state/model.ts';
import { RequestError } from './link.ts';
import { Sync } from './sync.ts';

function setUp(replies: Partial<Record<CommandName, unknown>> = {}) {
  let state: PanelState = evolve(initialState(NOW), { kind: 'bridge', state: bridge() });
  const sent: [CommandName, unknown][] = [];
  const timers: (() => void)[] = [];
  const answers: Partial<Record<CommandName, unknown>> = { ...quiet, ...replies };
  const sync = new Sync(
    {
      request: async (name, payload) => {
        sent.push([name, payload]);
        const answer = answers[name];
        if (answer instanceof RequestError) throw answer;
        return answer as never;
      },
      after: (_ms, run) => {
        timers.push(run);
        return () => timers.splice(timers.indexOf(run), 1);
      },
      state: () => state,
      attended: () => true,
    },
    (message) => {
      state = evolve(state, message);
    },
  );
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const tick = async (): Promise<void> => {
    for (const run of timers.splice(0)) run();
    await settle();
  };
  return { sync, sent, answers, timers, settle, tick, state: () => state };
}

const failure = (code: string): RequestError => {
  const wire: WireError = { code, message: 'It failed.', retryable: true };
  return new RequestError(wire);
};
const envelope = (fact: StoredEvent) => ({
  v: 1 as const,
  event_id: fact.event_id,
  event: 'event.appended',
  payload: JSON.parse(JSON.stringify(fact)),
  seq: fact.seq,
});

describe('keeping up with the host', () => {
  it('[A-48] subscribes from the very point at which the first views were read', async () => {
    const { sync, sent, settle, state } = setUp();
    sync.connected();
    await settle();
    assert.equal(sent[0]?.[0], 'runtime.status');
    assert.deepEqual(sent.find(([name]) => name === 'stream.subscribe')?.[1], {
      from_seq: 400,
      events: ['event.appended'],
    });
    assert.equal(state().loaded, true);
    assert.equal(state().agents.length, agents.length);
  });

  it('[F-15] reads changed lists once for a burst of events, and folds approvals at once', async () => {
    const { sync, sent, settle, tick, state } = setUp();
    sync.connected();
    await settle();
    sent.length = 0;
    for (let seq = 401; seq < 421; seq++) {
      sync.receive(
        envelope(
          event(seq, 0, { type: 'agent.seen', data: { agent_id: id('agent', 1), via: 'hook' } }),
        ),
      );
    }
    sync.receive(envelope(asked(421, approval(5, command('ls')))));
    assert.equal(state().approvals.length, 1);
    assert.equal(state().lastSeq, 421);
    await tick();
    assert.deepEqual(sent.map(([name]) => name).toSorted(), ['agent.list', 'runtime.status']);
  });

  it('does not misread what a newer host writes', async () => {
    const { sync, settle, state } = setUp();
    sync.connected();
    await settle();
    const fact = event(401, 0, { type: 'approval.expired', data: { approval_id: id('appr', 1) } });
    sync.receive(envelope({ ...fact, data: { approval: 'in another form' } }));
    sync.receive(
      envelope({ ...fact, seq: 402, event_type: 'dream.dreamt', data: { of: 'sheep' } }),
    );
    sync.receive({ ...envelope(fact), payload: { seq: 'x' } });
    assert.deepEqual(
      state()
        .events.slice(0, 2)
        .map((one) => [one.seq, one.data]),
      [
        [402, { of: 'sheep' }],
        [401, null],
      ],
    );
  });

  it('[G-09] says why nothing can be read, and tries again', async () => {
    const { sync, answers, settle, tick, state } = setUp({
      'approval.list': failure('store_unavailable'),
    });
    sync.connected();
    await settle();
    assert.equal(state().problem?.code, 'store_unavailable');
    answers['approval.list'] = { approvals: [], total: 0 };
    await tick();
    assert.equal(state().problem, null);
    assert.equal(state().loaded, true);
  });

  it('leaves it to the extension to connect again', async () => {
    const { sync, timers, settle, state } = setUp({ 'runtime.status': failure('link_closed') });
    sync.connected();
    await settle();
    assert.deepEqual([timers.length, state().problem], [0, null]);
  });

  it('forgets the answers to an earlier connection', async () => {
    const { sync, answers, settle, state } = setUp();
    sync.connected();
    sync.disconnected();
    answers['agent.list'] = { agents: [] };
    await settle();
    assert.deepEqual([state().loaded, state().agents.length], [false, 0]);
  });

  it('reads the newest events instead of replaying a very long absence', async () => {
    const { sync, sent, answers, settle } = setUp();
    sync.connected();
    await settle();
    answers['runtime.status'] = status({ head_seq: 5_000 });
    sync.connected();
    await settle();
    const froms = sent
      .filter(([name]) => name === 'stream.subscribe')
      .map(([, payload]) => (payload as { from_seq: number }).from_seq);
    assert.deepEqual(froms, [400, 5_000]);
  });
});
