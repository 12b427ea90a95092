import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { JsonObject } from '#schema/envelope/json.ts';
import { LinkError } from '#schema/client/errors.ts';
import { PanelBridge } from './bridge.ts';

const requestId = '11111111-1111-4111-8111-111111111111';
const request = (command: string, payload: JsonObject, more: JsonObject = {}) => ({
  v: 1,
  request_id: requestId,
  command,
  payload,
  ...more,
});
const approval = { approval_id: `appr_${'0'.repeat(26)}`, call_hash: 'a'.repeat(64) };

function setUp(more: { signs?: boolean; answer?: () => Promise<object> } = {}) {
  const posted: JsonObject[] = [];
  const passed: unknown[] = [];
  const bridged: unknown[] = [];
  const bridge = new PanelBridge({
    post: (message) => posted.push(message as JsonObject),
    request: (command, payload, options) => {
      passed.push([command, payload, options]);
      return more.answer?.() ?? Promise.resolve({ done: true });
    },
    sign: ({ approval: { approval_id, call_hash }, ...answer }) => ({
      approval_id,
      call_hash,
      ...answer,
      signature: 'signed',
    }),
    signSetting: (change) =>
      more.signs === false
        ? null
        : { decided_at: 'now', decider_id: 'dec', signature: JSON.stringify(change) },
    windowId: 'win_1',
    onBridge: (message) => bridged.push(message),
    warn: () => undefined,
  });
  return { bridge, posted, passed, bridged };
}

describe('the bridge between webview and host', () => {
  it('[U-07] passes an envelope on and gives its answer back under its id', async () => {
    const { bridge, posted, passed } = setUp();
    await bridge.receive(request('run.list', { limit: 5 }, { idempotency_key: 'k' }));
    assert.deepEqual(passed, [['run.list', { limit: 5 }, { idempotencyKey: 'k' }]]);
    assert.deepEqual(posted, [{ v: 1, request_id: requestId, ok: true, payload: { done: true } }]);
  });

  it('[G-16] signs the hold that a sentence asked for, and nothing else that is said', async () => {
    const held = { intent: { name: 'hold' }, result: { hold: approval }, reply: 'waits' };
    const { bridge, posted, passed } = setUp({ answer: () => Promise.resolve(held) });
    await bridge.receive(request('conversation.inject_text', { text: 'hold' }));
    const hold = { decision: 'hold', offer_id: null, source: 'panel', confirmed: false };
    assert.deepEqual(passed[1], [
      'approval.respond',
      { ...approval, ...hold, signature: 'signed' },
      {},
    ]);
    assert.match(JSON.stringify((posted[0]?.['payload'] as JsonObject)['reply']), /^"Held/);
    for (const answer of [
      { ...held, intent: { name: 'why' } },
      { ...held, result: { hold: null } },
    ]) {
      const other = setUp({ answer: () => Promise.resolve(answer) });
      await other.bridge.receive(request('conversation.inject_text', { text: 'x' }));
      assert.equal(other.passed.length, 1);
    }
  });

  it('[G-15] signs a decision, says that it came from the panel, and takes no signature from the webview', async () => {
    const { bridge, passed } = setUp();
    const answer = { decision: 'deny', offer_id: null, confirmed: false };
    const forged = { source: 'voice', signature: 'forged', decider_id: 'dec_x' };
    await bridge.receive(request('approval.respond', { ...approval, ...answer, ...forged }));
    const signed = { ...approval, ...answer, source: 'panel', signature: 'signed' };
    assert.deepEqual(passed, [['approval.respond', signed, {}]]);
  });

  it('signs the kill switch off, never on', async () => {
    const { bridge, passed } = setUp();
    await bridge.receive(request('policy.kill_switch_set', { on: true }));
    await bridge.receive(request('policy.kill_switch_set', { on: false }));
    const signature = { decided_at: 'now', decider_id: 'dec', signature: '{"kill_switch":false}' };
    assert.deepEqual(passed, [
      ['policy.kill_switch_set', { on: true }, {}],
      ['policy.kill_switch_set', { on: false, ...signature }, {}],
    ]);
  });

  it('lets an editor that may not decide still tighten a setting', async () => {
    const { bridge, passed } = setUp({ signs: false });
    const payload = { changes: { 'policy.preset': 'off' } };
    await bridge.receive(request('config.patch', payload));
    assert.deepEqual(passed, [['config.patch', payload, {}]]);
  });

  it('[W-22] exports what matches whole, however much that is', async () => {
    const { bridge, bridged } = setUp();
    const seqs = Array.from({ length: 20_000 }, (_, i) => i + 1);
    const message = { bridge: 'export_events', text: 'x', seqs };
    await bridge.receive(message);
    assert.deepEqual(bridged, [message]);
  });

  it('says in which window a sentence acts', async () => {
    const { bridge, passed } = setUp();
    await bridge.receive(request('conversation.inject_text', { text: 'undo', window_id: 'other' }));
    assert.deepEqual(passed, [
      ['conversation.inject_text', { text: 'undo', window_id: 'win_1' }, {}],
    ]);
  });

  it('[F-90] refuses what a panel may not send, and what nobody may, without asking the host', async () => {
    const { bridge, posted, passed } = setUp();
    await bridge.receive(request('decider.enroll', {}));
    await bridge.receive(request('no.such', {}));
    await bridge.receive({ v: 1, request_id: requestId, command: 'run.list' });
    await bridge.receive('text');
    const codes = posted.map(({ error }) => (error as JsonObject)['code']);
    assert.deepEqual(codes, ['role_refused', 'unknown_command', 'bad_request', 'bad_request']);
    assert.deepEqual(passed, []);
  });

  it('gives a failure of the connection back as an error with a code', async () => {
    const answer = () => Promise.reject(new LinkError('link_closed'));
    const { bridge, posted } = setUp({ answer });
    await bridge.receive(request('run.list', {}));
    const codes = posted.map(({ error }) => (error as JsonObject)['code']);
    assert.deepEqual(codes, ['link_closed']);
  });

  it('keeps messages of the editor in the editor, and only those of the contract', async () => {
    const { bridge, passed, bridged } = setUp();
    await bridge.receive({ bridge: 'ready' });
    await bridge.receive({ bridge: 'run_command', command: 'rm' });
    assert.deepEqual(bridged, [{ bridge: 'ready' }]);
    assert.deepEqual(passed, []);
  });
});
