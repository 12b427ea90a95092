import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { RequestEnvelope } from '#schema/envelope/envelope.ts';
import type { BridgeFromPanel, BridgeState } from '#schema/views/bridge.ts';
import { isUuid } from '#schema/wire/check-envelope.ts';
import { Link, RequestError } from './link.ts';
import { uuidOf } from './new-id.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const state = (over: Partial<BridgeState>): BridgeState => ({
  bridge: 'state',
  state: 'connected',
  detail: null,
  window_name: 'w',
  window_id: 'win_1',
  trusted: true,
  can_decide: true,
  decider_status: 'enrolled',
  ...over,
});

function setUp() {
  const posted: (RequestEnvelope | BridgeFromPanel)[] = [];
  const timers: { ms: number; run: () => void; stopped: boolean }[] = [];
  const heard: unknown[] = [];
  let ids = 0;
  const link = new Link(
    {
      post: (message) => posted.push(message),
      newId: () => uuid(++ids),
      after: (ms, run) => {
        const timer = { ms, run, stopped: false };
        timers.push(timer);
        return () => {
          timer.stopped = true;
        };
      },
    },
    { event: (event) => heard.push(event), bridge: (message) => heard.push(message) },
  );
  return { link, posted, timers, heard };
}

const codeOf = async (request: Promise<unknown>): Promise<string> =>
  request.then(
    () => 'no failure',
    (thrown: unknown) => (thrown instanceof RequestError ? thrown.wire.code : String(thrown)),
  );

describe('link of the panel', () => {
  it('[F-28] [U-07] sends the same envelope as every other client', async () => {
    const { link, posted, timers } = setUp();
    const reply = link.request('grant.revoke', { grant_id: `grant_${'0'.repeat(26)}` });
    assert.deepEqual(posted, [
      {
        v: 1,
        request_id: uuid(1),
        command: 'grant.revoke',
        payload: { grant_id: `grant_${'0'.repeat(26)}` },
      },
    ]);
    link.receive({ v: 1, request_id: uuid(1), ok: true, payload: { revoked: [] } });
    assert.deepEqual(await reply, { revoked: [] });
    assert.ok(timers.every((timer) => timer.stopped));
  });

  it('[F-29] gives the error of the host to the one who asked', async () => {
    const { link } = setUp();
    const [a, b] = [link.request('agent.list', {}), link.request('grant.list', {})];
    link.receive({
      v: 1,
      request_id: uuid(2),
      ok: false,
      error: { code: 'role_refused', message: 'No.', retryable: false },
    });
    link.receive({ v: 1, request_id: uuid(1), ok: true, payload: { agents: [] } });
    assert.equal(await codeOf(b), 'role_refused');
    assert.deepEqual(await a, { agents: [] });
  });

  it('[F-104] refuses an answer that is not in the contract', async () => {
    const { link } = setUp();
    const reply = link.request('agent.list', {});
    link.receive({ v: 1, request_id: uuid(1), ok: true, payload: { agents: [{ name: 'x' }] } });
    assert.equal(await codeOf(reply), 'bad_reply');
  });

  it('gives up on an answer that does not come, later than the host would', async () => {
    const { link, timers } = setUp();
    const reply = link.request('run.get', { run_id: `run_${'0'.repeat(26)}`, wait_ms: 20_000 });
    assert.deepEqual(
      timers.map((timer) => timer.ms),
      [50_000],
    );
    timers[0]?.run();
    assert.equal(await codeOf(reply), 'request_timeout');
    // Its late answer finds nobody.
    link.receive({ v: 1, request_id: uuid(1), ok: true, payload: {} });
  });

  it('fails what is under way when the connection goes', async () => {
    const { link } = setUp();
    const reply = link.request('agent.list', {});
    link.receive(state({ state: 'reconnecting' }));
    assert.equal(await codeOf(reply), 'link_closed');
  });

  it('[A-38] makes ids that the host takes for UUIDs, whatever the random bytes', () => {
    for (const byte of [0, 0x55, 0xaa, 0xff]) {
      assert.ok(isUuid(uuidOf(new Uint8Array(16).fill(byte))));
    }
  });

  it('drops whatever is neither an envelope nor of the bridge', () => {
    const { link, heard } = setUp();
    const strange = [
      null,
      'x',
      7,
      [],
      {},
      { bridge: 'state' },
      { bridge: 'obey' },
      { v: 2, event_id: uuid(1), event: 'x.y', payload: {} },
      { v: 1, request_id: null, ok: false },
    ];
    for (const message of strange) link.receive(message);
    assert.deepEqual(heard, []);
    link.receive({ v: 1, event_id: uuid(1), event: 'event.appended', payload: {}, seq: 4 });
    link.receive({ bridge: 'draft', text: 'x' });
    assert.equal(heard.length, 2);
  });
});
