import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { JsonObject } from '#schema/envelope/json.ts';
import { ToolCalls } from './tool-calls.ts';
import type { ToolOutcome } from './run-tool.ts';

const event = (name: string, payload: JsonObject) => ({
  v: 1 as const,
  event_id: '00000000-0000-0000-0000-000000000000',
  event: name,
  payload,
});
const call = (more: JsonObject = {}): JsonObject => ({
  tool_call_id: 'tc_1',
  run_id: 'run_1',
  runner: 'editor',
  tool: 'editor.undo',
  arguments: {},
  expires_at: null,
  token: 't',
  ...more,
});

function setUp(outcome: ToolOutcome = { ok: true, result: { changed: true } }) {
  const ran: string[] = [];
  const sent: unknown[] = [];
  const signals: AbortSignal[] = [];
  let finish = (): void => undefined;
  const calls = new ToolCalls({
    run: (tool, _args, signal) => {
      ran.push(tool);
      signals.push(signal);
      return new Promise((resolve) => (finish = () => resolve(outcome)));
    },
    send: (command, payload) => Promise.resolve(sent.push([command, payload])),
    now: () => 1_000,
    log: { info: () => undefined, warn: () => undefined },
  });
  const done = async (): Promise<void> => {
    finish();
    await new Promise(setImmediate);
  };
  return { calls, ran, sent, signals, done };
}

describe('calls that the host sends to a window', () => {
  it('[G-22] executes the copy with a token, and nothing without one', async () => {
    const { calls, ran, sent, done } = setUp();
    const { token: _token, ...shown } = call();
    calls.onEvent(event('runtime.tool_call', shown));
    assert.deepEqual(ran, []);
    calls.onEvent(event('runtime.tool_call', call()));
    await done();
    assert.deepEqual(ran, ['editor.undo']);
    const result = { tool_call_id: 'tc_1', token: 't', result: { changed: true } };
    assert.deepEqual(sent, [['toolcall.succeed', result]]);
  });

  it('[A-71] reports a failure with its code', async () => {
    const error = { code: 'editor_no_change', message: 'Nothing.', retryable: false };
    const { calls, sent, done } = setUp({ ok: false, error });
    calls.onEvent(event('runtime.tool_call', call()));
    await done();
    assert.deepEqual(sent, [['toolcall.fail', { tool_call_id: 'tc_1', token: 't', error }]]);
  });

  it('does not begin a call that expired', () => {
    const { calls, ran } = setUp();
    const expires_at = new Date(999).toISOString();
    calls.onEvent(event('runtime.tool_call', call({ expires_at })));
    assert.deepEqual(ran, []);
  });

  it('aborts the call of a run that was cancelled, and no other', () => {
    const { calls, signals } = setUp();
    calls.onEvent(event('runtime.tool_call', call()));
    calls.onEvent(event('event.appended', { event_type: 'run.cancelled', run_id: 'run_2' }));
    assert.equal(signals[0]?.aborted, false);
    calls.onEvent(event('event.appended', { event_type: 'run.cancelled', run_id: 'run_1' }));
    assert.equal(signals[0]?.aborted, true);
  });
});
