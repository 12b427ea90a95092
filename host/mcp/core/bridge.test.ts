import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { JsonObject } from '#schema/envelope/json.ts';
import { BRIDGE_HELLO, CALL_ID, WAITED_MS } from './bridge-facts.ts';
import { Bridge } from './bridge.ts';

/** A bridge with both of its sides written down. */
function setUp() {
  const toAgent: JsonObject[] = [];
  const links: JsonObject[][] = [];
  const state = { now: 0, connects: 0, ids: 0 };
  const bridge = new Bridge({
    toAgent: (message) => void toAgent.push(message),
    connect: () => void (state.connects += 1),
    now: () => state.now,
    newId: () => `call-${(state.ids += 1)}`,
    hello: { cwd: '/work' },
  });
  const connect = (): JsonObject[] => {
    const sent: JsonObject[] = [];
    links.push(sent);
    bridge.up({ send: (message) => void sent.push(message) });
    return sent;
  };
  return { bridge, toAgent, state, connect };
}

const call = (id: number | string, name: string): JsonObject => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: {} },
});
const result = (id: number | string): JsonObject => ({ jsonrpc: '2.0', id, result: {} });
const initialize: JsonObject = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25' },
};
const initialized: JsonObject = { jsonrpc: '2.0', method: 'notifications/initialized' };
const methods = (messages: readonly JsonObject[]): unknown[] =>
  messages.map((message) => message['method']);
const metaOf = (message: JsonObject | undefined): unknown =>
  (message?.['params'] as JsonObject | undefined)?.['_meta'];

/** An initialised session on its first connection. */
function session() {
  const all = setUp();
  const first = all.connect();
  all.bridge.fromAgent(initialize);
  all.bridge.fromHost(result(0));
  all.bridge.fromAgent(initialized);
  all.toAgent.splice(0);
  return { ...all, first };
}

describe('MCP bridge', () => {
  it('says where it is before anything else, and passes messages on as they are', () => {
    const { first, bridge } = session();
    bridge.fromAgent({ jsonrpc: '2.0', id: 'a', method: 'tools/list', params: { cursor: 'x' } });
    assert.deepEqual(methods(first), [
      BRIDGE_HELLO,
      'initialize',
      'notifications/initialized',
      'tools/list',
    ]);
    assert.deepEqual(first[3], {
      jsonrpc: '2.0',
      id: 'a',
      method: 'tools/list',
      params: { cursor: 'x' },
    });
  });

  it('waits for a connection with what comes before it', () => {
    const { bridge, connect, state } = setUp();
    bridge.fromAgent(initialize);
    bridge.fromAgent({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    assert.equal(state.connects, 2);
    assert.deepEqual(methods(connect()), [BRIDGE_HELLO, 'initialize', 'tools/list']);
  });

  it('names every call, without touching what else it says', () => {
    const { bridge, first } = session();
    bridge.fromAgent({
      ...call(1, 'run_command'),
      params: { name: 'run_command', arguments: { argv: ['x'] }, _meta: { progressToken: 7 } },
    });
    assert.deepEqual(first.at(-1)?.['params'], {
      name: 'run_command',
      arguments: { argv: ['x'] },
      _meta: { progressToken: 7, [CALL_ID]: 'call-1' },
    });
  });

  it('repeats the handshake of the session after a restart, unseen by the agent', () => {
    const { bridge, toAgent, connect } = session();
    bridge.fromAgent(call(1, 'get_status'));
    bridge.down();
    const second = connect();
    assert.deepEqual(methods(second), [BRIDGE_HELLO, 'initialize']);
    bridge.fromAgent(call(2, 'get_status'));
    bridge.fromHost(result(0));
    assert.deepEqual(methods(second).slice(2), [
      'notifications/initialized',
      'tools/call',
      'tools/call',
    ]);
    bridge.fromHost(result(1));
    bridge.fromHost(result(2));
    assert.deepEqual(toAgent, [
      { jsonrpc: '2.0', method: 'notifications/tools/list_changed' },
      result(1),
      result(2),
    ]);
  });

  it('sends reads and calls that the host can recognise again, with the time that has passed', () => {
    const { bridge, connect, state } = session();
    bridge.fromAgent(call(1, 'get_run'));
    bridge.fromAgent(call(2, 'run_command'));
    bridge.fromAgent(call(3, 'request_approval'));
    state.now = 1_234;
    bridge.down();
    const second = connect();
    bridge.fromHost(result(0));
    assert.deepEqual(
      second.slice(3).map(metaOf),
      [1, 2, 3].map((n) => ({ [CALL_ID]: `call-${n}`, [WAITED_MS]: 1_234 })),
    );
  });

  it('answers every other call with host_restarted, once', () => {
    const { bridge, toAgent, connect } = session();
    bridge.fromAgent(call(1, 'notify_user'));
    bridge.fromAgent(call(2, 'some_new_tool'));
    bridge.down();
    assert.deepEqual(
      toAgent.map(({ id, error }) => [id, ((error as JsonObject)['data'] as JsonObject)['code']]),
      [
        [1, 'host_restarted'],
        [2, 'host_restarted'],
      ],
    );
    const second = connect();
    bridge.fromHost(result(0));
    bridge.fromHost(result(1));
    assert.deepEqual(methods(second), [BRIDGE_HELLO, 'initialize', 'notifications/initialized']);
    assert.equal(toAgent.length, 3);
  });

  it('sends a call that never left, although it acts', () => {
    const { bridge, connect, toAgent } = session();
    bridge.down();
    bridge.fromAgent(call(1, 'notify_user'));
    const second = connect();
    bridge.fromHost(result(0));
    assert.equal(second.at(-1)?.['id'], 1);
    assert.deepEqual(metaOf(second.at(-1)), { [CALL_ID]: 'call-1' });
    assert.deepEqual(methods(toAgent), ['notifications/tools/list_changed']);
  });

  it('asks for a connection only when something waits', () => {
    const { bridge, state } = session();
    const before = state.connects;
    bridge.down();
    assert.equal(state.connects, before);
    bridge.fromAgent(call(1, 'get_status'));
    assert.equal(state.connects, before + 1);
    bridge.down();
    assert.equal(state.connects, before + 2);
  });

  it('repeats an initialize that had no answer as a request of the agent', () => {
    const { bridge, connect, toAgent } = setUp();
    connect();
    bridge.fromAgent(initialize);
    bridge.down();
    assert.deepEqual(methods(connect()), [BRIDGE_HELLO, 'initialize']);
    bridge.fromHost(result(0));
    assert.deepEqual(toAgent, [result(0)]);
  });

  it('opens a session without handshake with a request, never with a notification', () => {
    const { bridge, connect } = setUp();
    connect();
    bridge.fromAgent(call(1, 'get_status'));
    bridge.fromHost(result(1));
    bridge.down();
    bridge.fromAgent({ jsonrpc: '2.0', method: 'notifications/progress' });
    bridge.fromAgent(call(2, 'get_status'));
    assert.deepEqual(methods(connect()), [BRIDGE_HELLO, 'tools/call', 'notifications/progress']);
  });

  it('forgets what the agent cancels', () => {
    const { bridge, toAgent, connect, first } = session();
    const cancel = (requestId: number): JsonObject => ({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId },
    });
    bridge.fromAgent(call(1, 'run_command'));
    bridge.fromAgent(cancel(1));
    assert.equal(first.at(-1)?.['method'], 'notifications/cancelled');
    bridge.fromHost(result(1));
    bridge.down();
    bridge.fromAgent(call(2, 'run_command'));
    bridge.fromAgent(cancel(2));
    const second = connect();
    bridge.fromHost(result(0));
    assert.deepEqual(methods(second), [BRIDGE_HELLO, 'initialize', 'notifications/initialized']);
    assert.deepEqual(methods(toAgent), ['notifications/tools/list_changed']);
    assert.equal(bridge.pending, 0);
  });

  it('tells everybody who waits when there is no host, and tries again with the next request', () => {
    const { bridge, toAgent, state } = session();
    bridge.fromAgent(call(1, 'get_status'));
    bridge.down();
    bridge.unreachable({ code: 'host_start_failed', message: 'no', retryable: false });
    assert.deepEqual(toAgent, [
      {
        jsonrpc: '2.0',
        id: 1,
        error: {
          code: -32_000,
          message: 'no',
          data: { code: 'host_start_failed', retryable: false },
        },
      },
    ]);
    const before = state.connects;
    bridge.fromAgent(call(2, 'get_status'));
    assert.equal(state.connects, before + 1);
  });

  it('tells apart the ids 1 and "1"', () => {
    const { bridge, toAgent } = session();
    bridge.fromAgent(call(1, 'get_status'));
    bridge.fromAgent(call('1', 'get_status'));
    bridge.fromHost(result('1'));
    bridge.fromHost(result('1'));
    assert.deepEqual([toAgent, bridge.pending], [[result('1')], 1]);
  });

  it('answers what is not one message, and stays', () => {
    const { bridge, toAgent } = session();
    for (const wrong of [[call(1, 'get_status')], null, 'x', 3]) bridge.fromAgent(wrong);
    assert.deepEqual(
      toAgent.map(({ id, error }) => [id, (error as JsonObject)['code']]),
      Array.from({ length: 4 }, () => [null, -32_600]),
    );
  });

  it('holds a bounded number of calls', () => {
    const { bridge, toAgent } = session();
    for (let id = 1; id <= 1_001; id += 1) bridge.fromAgent(call(id, 'get_status'));
    assert.deepEqual([bridge.pending, toAgent.length, toAgent[0]?.['id']], [1_000, 1, 1_001]);
  });

  it('subscribes again after a restart, shows nothing of it, and says that the resource may have changed', () => {
    const { bridge, toAgent, state, connect } = session();
    const subscribe = (id: number, uri: string, method = 'resources/subscribe'): void => {
      bridge.fromAgent({ jsonrpc: '2.0', id, method, params: { uri } });
      bridge.fromHost(result(id));
    };
    subscribe(1, 'hob://status');
    subscribe(2, 'hob://policy');
    subscribe(3, 'hob://policy', 'resources/unsubscribe');
    toAgent.splice(0);
    const before = state.connects;
    bridge.down();
    assert.equal(state.connects, before + 1);
    const second = connect();
    bridge.fromHost(result(0));
    const again = second.at(-1);
    assert.deepEqual(
      [again?.['method'], again?.['params']],
      ['resources/subscribe', { uri: 'hob://status' }],
    );
    assert.deepEqual(methods(toAgent), ['notifications/tools/list_changed']);
    bridge.fromHost(result(String(again?.['id'])));
    assert.deepEqual(
      [methods(toAgent).at(-1), toAgent.at(-1)?.['params']],
      ['notifications/resources/updated', { uri: 'hob://status' }],
    );
  });
});
