// An agent in a loop: what is refused at once costs it nothing, so nothing slows it down but the host.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { HostClient } from '#schema/client/host-client.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import { TEST_WORKSPACE } from '../fakes/test-editor.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';

const inWorkspace = { workspaceId: TEST_WORKSPACE };
const FLOOD = 400;
/** Sixty at once, and one a second: the flood takes a second or two. */
const MOST = 80;

describe('an agent in a loop', () => {
  let t: TestHost;
  let agent: HostClient;

  beforeEach(async () => {
    t = await startTestHost();
    agent = await t.host.connect('agent', 'looping');
    await (
      await t.host.connect('cli')
    ).request('config.patch', {
      changes: { 'policy.preset': 'read-only' },
    });
  });
  afterEach(async () => {
    await t[Symbol.asyncDispose]();
  });

  const runCommand = (argv: string[], client = agent) => {
    const call: ActionCall = {
      action: 'command.run',
      tool: 'shell',
      argv,
      cwd: t.workspace,
      arguments: {},
    };
    return client.request('approval.request', { call, wait_ms: 0 }, inWorkspace);
  };
  const stored = async (event_type: string): Promise<{ data: unknown }[]> => {
    const query = { event_type: [event_type], limit: 1_000 };
    return (await t.editor.client.request('event.query', query)).events;
  };
  /** Codes and waiting times of what was not even looked at. */
  async function flood(ask: () => Promise<unknown>): Promise<{ code: string; wait: number }[]> {
    const ended = await Promise.allSettled(Array.from({ length: FLOOD }, ask));
    return ended.flatMap((one) => {
      if (one.status === 'fulfilled') return [];
      const { code, retryAfterMs } = one.reason as { code: string; retryAfterMs?: number };
      return [{ code, wait: retryAfterMs ?? 0 }];
    });
  }

  it('[G-56] fills the record with a few of its refused calls, and is told when to come back', async () => {
    const turnedAway = await flood(() => runCommand(['touch', 'a']));
    const recorded = (await stored('run.created')).length;
    assert.ok(recorded >= 60 && recorded <= MOST, `${recorded} of ${FLOOD} calls were recorded`);
    assert.equal(recorded + turnedAway.length, FLOOD);
    assert.ok(turnedAway.every(({ code, wait }) => code === 'too_many_requests' && wait > 0));
  });

  it('[G-56] still gets its reads answered, and keeps no other agent waiting', async () => {
    await flood(() => runCommand(['touch', 'a']));
    assert.equal((await runCommand(['ls'])).decision, 'allow');
    const other = await t.host.connect('agent', 'other');
    assert.equal((await runCommand(['touch', 'a'], other)).decision, 'deny');
  });

  it('[G-56] is shown to the person, once', async () => {
    await flood(() => runCommand(['touch', 'a']));
    await flood(() => runCommand(['touch', 'a']));
    const shown = (await stored('notification.shown')).map(({ data }) => data as { title: string });
    assert.equal(shown.length, 1);
    assert.match(shown[0]?.title ?? '', /looping/);
  });

  it('[G-56] covers neither the screen with messages nor the record with sentences', async () => {
    const message = { title: 'still here', message: '', level: 'info' } as const;
    const refused = await flood(() => agent.request('notify.show', message, inWorkspace));
    const mine = (await stored('notification.shown')).filter(
      ({ data }) => (data as { message: string }).message === '',
    );
    assert.ok(mine.length <= MOST, `${mine.length} messages`);
    assert.equal(mine.length + refused.length, FLOOD);
    const talker = await t.host.connect('agent', 'talker');
    const said = { text: 'make me a sandwich' };
    await flood(() => talker.request('conversation.inject_text', said, inWorkspace));
    const turns = (await stored('turn.started')).length;
    assert.ok(turns >= 60 && turns <= MOST, `${turns} sentences`);
  });

  it('[G-56] is nothing that a person meets', async () => {
    const panel = await t.host.connect('panel');
    const said = { text: 'make me a sandwich' };
    assert.deepEqual(
      await flood(() => panel.request('conversation.inject_text', said, inWorkspace)),
      [],
    );
  });
});
