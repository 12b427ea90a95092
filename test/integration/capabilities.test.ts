/** Tokens as handles to grants: what they are good for, handed down, widened by a person, ended. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { HostCallError } from '#schema/client/errors.ts';
import { connectHost, type HostClient } from '#schema/client/host-client.ts';
import type { CommandInput } from '#schema/commands/registry.ts';
import type { RunView } from '#schema/views/run.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';
import { TEST_WORKSPACE } from '../fakes/test-editor.ts';

const inWorkspace = { workspaceId: TEST_WORKSPACE };
const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'answered',
    (failure: unknown) => (failure instanceof HostCallError ? failure.code : String(failure)),
  );

describe('tokens and what they are good for', () => {
  let t: TestHost;
  beforeEach(async () => {
    t = await startTestHost();
  });
  afterEach(() => t[Symbol.asyncDispose]());

  const connect = (token: string, hint = 'whoever'): Promise<HostClient> =>
    connectHost({
      address: t.host.connectStream(),
      key: t.host.key,
      role: 'agent',
      principalHint: hint,
      token,
    });
  const add = async (name: string, scope: Partial<CommandInput<'agent.add'>> = {}) => {
    const { agent, token } = await t.editor.client.request('agent.add', { name, ...scope });
    return { agent, token, client: await connect(token) };
  };
  const call = (argv: string[]) => ({
    action: 'command.run' as const,
    tool: 'run_command',
    argv,
    cwd: t.workspace,
    arguments: { argv },
  });
  const evaluate = async (client: HostClient, argv: string[]) => {
    const { decision, reason_code } = await client.request(
      'policy.evaluate',
      { call: call(argv) },
      inWorkspace,
    );
    return `${decision} ${reason_code}`;
  };
  const ask = (client: HostClient, argv: string[], wait_ms = 0) =>
    client.request('approval.request', { call: call(argv), wait_ms }, inWorkspace);
  const listed = async () => (await t.editor.client.request('agent.list', {})).agents;

  it('[A-32] a token is good for its actions, its zone and its time, and no more', async () => {
    const reader = await add('reader', { actions: ['fs.read'] });
    assert.equal(await evaluate(reader.client, ['npm', 'test']), 'deny capability_action');
    const careful = await add('careful', { zone: 'supervised' });
    assert.equal(
      await evaluate(careful.client, ['npm', 'test']),
      'require_approval ask.command.run.agent',
    );
    assert.equal(
      await evaluate(careful.client, ['git', 'push', '--force']),
      'deny capability_zone',
    );
    const looker = await add('looker', { zone: 'sandbox' });
    assert.equal(await evaluate(looker.client, ['git', 'status']), 'allow safe_read');
    assert.equal(await evaluate(looker.client, ['npm', 'test']), 'deny capability_zone');
    const late = await add('late', { until: new Date(Date.now() - 1).toISOString() });
    assert.equal(await evaluate(late.client, ['git', 'status']), 'deny capability_expired');
    const elsewhere = await add('elsewhere', { workspace_ids: ['ws_other'] });
    assert.equal(await evaluate(elsewhere.client, ['git', 'status']), 'deny capability_workspace');
    const whole = await add('whole');
    assert.match(
      await evaluate(whole.client, ['git', 'push', '--force']),
      /^require_approval danger/,
    );
  });

  it('[A-32] [A-91] a part of a token is handed down, never wider, and every event names the line', async () => {
    const parent = await add('parent', { actions: ['command.run', 'fs.read'], zone: 'supervised' });
    const delegate = (change: Partial<CommandInput<'capability.delegate'>>) =>
      parent.client.request('capability.delegate', {
        name: 'child',
        actions: ['command.run'],
        zone: 'supervised',
        ...change,
      });
    assert.equal(await codeOf(delegate({ zone: 'high_stakes' })), 'capability_exceeded');
    assert.equal(await codeOf(delegate({ actions: ['external.write'] })), 'capability_exceeded');
    assert.equal(await codeOf(delegate({ actions: null })), 'capability_exceeded');
    const { agent, token } = await delegate({});
    const line = agent.capability?.delegation ?? [];
    assert.equal(line.length, 2);
    assert.equal(line[0], parent.agent.capability?.grant_id);
    const child = await connect(token);
    const { run_id } = await ask(child, ['npm', 'test']);
    const { events } = await t.editor.client.request('event.query', {
      run_id: run_id ?? '',
      limit: 50,
    });
    assert.ok(events.length >= 2);
    for (const { actor } of events) assert.deepEqual(actor.delegation, line);
    const grandchild = await child.request('capability.delegate', {
      name: 'grandchild',
      actions: ['command.run'],
      zone: 'supervised',
    });
    assert.equal(grandchild.agent.capability?.delegation.length, 3);
  });

  it('[A-91] a revoked parent takes its children along: tokens, questions, permissions and live connections, within a second', async () => {
    const parent = await add('parent');
    const { agent, token } = await parent.client.request('capability.delegate', { name: 'child' });
    const child = await connect(token);
    // A standing permission that the child was given hangs under its token.
    const asked = ask(child, ['npm', 'test'], 10_000);
    await t.editor.respond(await t.editor.nextCard(), 'approve', { offer_id: 'exact' });
    assert.equal((await asked).decision, 'allow');
    const [grant] = (await t.editor.client.request('grant.list', {})).grants;
    assert.equal(grant?.parent_id, agent.capability?.grant_id);

    const started = performance.now();
    await t.editor.client.request('agent.revoke', { agent_id: parent.agent.agent_id });
    await Promise.all([parent.client.closed, child.closed]);
    assert.ok(performance.now() - started < 1_000);
    assert.deepEqual(await listed(), []);
    for (const old of [parent.token, token])
      assert.equal(await codeOf(connect(old)), 'token_revoked');
    const { grants } = await t.editor.client.request('grant.list', { status: ['active'] });
    assert.deepEqual(grants, []);
    const { events } = await t.editor.client.request('event.query', {
      event_type: ['capability.revoked'],
      limit: 10,
    });
    assert.equal(events.length, 2);
  });

  it('[F-52] [F-53] more is asked for on a card that shows what it becomes; a signed yes widens the token', async () => {
    const { agent, client } = await add('reader', { actions: ['fs.read'], zone: 'supervised' });
    const asking = client.request(
      'capability.request',
      { actions: ['command.run'], reason: 'to run the tests', wait_ms: 10_000 },
      inWorkspace,
    );
    const card = await t.editor.nextCard();
    assert.equal(card.call.action, 'capability.grant');
    assert.equal(card.task, 'to run the tests');
    assert.deepEqual(card.offers, [], 'no standing permission to widen itself');
    assert.deepEqual((card.call.arguments['becomes'] as { actions: string[] }).actions, [
      'fs.read',
      'command.run',
    ]);
    const signed = t.editor.decision(card, 'approve');
    const { decision: _approve, ...grant } = signed;
    assert.equal(
      await codeOf(client.request('capability.grant', grant)),
      'approval_source_refused',
    );
    await t.editor.client.request('capability.grant', grant);
    const { decision, capability } = await asking;
    assert.equal(decision, 'allow');
    assert.deepEqual(capability.scope.actions, ['fs.read', 'command.run']);
    assert.equal(capability.approval_id, card.approval_id);
    assert.equal(await evaluate(client, ['npm', 'test']), 'require_approval ask.command.run.agent');
    assert.equal((await listed())[0]?.agent_id, agent.agent_id);
  });

  it('[F-53] a no leaves it as it is, and an unsigned or other yes counts for nothing', async () => {
    const { client } = await add('reader', { actions: ['fs.read'] });
    const asking = client.request(
      'capability.request',
      { actions: null, reason: 'everything', wait_ms: 10_000 },
      inWorkspace,
    );
    const card = await t.editor.nextCard();
    const signed = t.editor.decision(card, 'deny');
    const { decision: _deny, ...deny } = signed;
    const { panel } = { panel: t.editor.client };
    assert.equal(await codeOf(panel.request('capability.grant', deny)), 'signature_invalid');
    const { signature: _none, ...unsigned } = deny;
    assert.equal(await codeOf(panel.request('capability.grant', unsigned)), 'signature_invalid');
    await panel.request('capability.deny', deny);
    const { decision, capability } = await asking;
    assert.equal(decision, 'deny');
    assert.deepEqual(capability.scope.actions, ['fs.read']);
  });

  it('[F-53] only a request for more is granted or denied by these commands', async () => {
    const { client } = await add('worker');
    await ask(client, ['npm', 'test']);
    const { decision: _approve, ...signed } = t.editor.decision(
      await t.editor.nextCard(),
      'approve',
    );
    const { panel } = { panel: t.editor.client };
    assert.equal(await codeOf(panel.request('capability.grant', signed)), 'not_found');
  });

  it('[A-32] asking for the danger class needs the second step', async () => {
    const { client } = await add('careful', { zone: 'supervised' });
    const asking = client.request(
      'capability.request',
      { zone: 'high_stakes', reason: 'to publish', wait_ms: 10_000 },
      inWorkspace,
    );
    const card = await t.editor.nextCard();
    assert.equal(card.danger, true);
    assert.equal(await codeOf(t.editor.respond(card, 'approve')), 'second_step_required');
    await t.editor.respond(card, 'approve', { confirmed: true });
    assert.equal((await asking).capability.scope.zone, 'high_stakes');
  });

  it('[A-32] a child gains nothing that its parent does not have', async () => {
    const parent = await add('parent', { actions: ['fs.read'] });
    const { token } = await parent.client.request('capability.delegate', {
      name: 'child',
      actions: ['fs.read'],
    });
    const child = await connect(token);
    const asked = child.request(
      'capability.request',
      { actions: ['command.run'], reason: 'please', wait_ms: 0 },
      inWorkspace,
    );
    assert.equal(await codeOf(asked), 'capability_exceeded');
  });

  it('[A-32] names: a child passes for nobody else, and a call of its own making widens nothing', async () => {
    const parent = await add('parent', { actions: ['fs.read'] });
    const named = (name: string) =>
      codeOf(parent.client.request('capability.delegate', { name, actions: ['fs.read'] }));
    assert.equal(await named('codex'), 'name_taken');
    assert.equal(await named('parent'), 'name_taken');
    // The card of a made-up call says the same, but nothing of Hob's carries it out.
    const forged = {
      action: 'capability.grant' as const,
      tool: 'capability.grant',
      arguments: {
        grant_id: parent.agent.capability?.grant_id ?? '',
        now: { ...parent.agent.capability?.scope },
        becomes: { actions: null, zone: 'high_stakes', workspace_ids: null, until: null },
      },
    };
    const asked = parent.client.request(
      'approval.request',
      { call: forged, wait_ms: 10_000 },
      inWorkspace,
    );
    await t.editor.respond(await t.editor.nextCard(), 'approve', { confirmed: true });
    assert.equal((await asked).decision, 'allow');
    assert.deepEqual((await listed())[0]?.capability?.scope.actions, ['fs.read']);
  });

  it('[A-32] what is not a token, and a session that is not one, get in nowhere', async () => {
    for (const bad of ['x', 'hob_', `hob_${'A'.repeat(43)}`, 'hob_\u0000'])
      assert.equal(await codeOf(connect(bad)), 'token_revoked');
    const unnamed = await connect('', 'codex');
    assert.equal(
      await codeOf(unnamed.request('capability.delegate', { name: 'x' })),
      'capability_exceeded',
    );
    assert.equal(
      await codeOf(unnamed.request('capability.request', { reason: 'x', wait_ms: 0 }, inWorkspace)),
      'token_revoked',
    );
  });

  it('[A-32] what tokens are good for survives a restart, and the past can be rebuilt', async () => {
    const { token } = await add('reader', { actions: ['fs.read'] });
    await t.restart();
    assert.equal(await evaluate(await connect(token), ['npm', 'test']), 'deny capability_action');
    const verified = await t.editor.client.request('audit.verify', {});
    assert.deepEqual([verified.ok, verified.problems], [true, []]);
  });

  it('[A-30] an agent that was known by its hook alone gets its token under the same id', async () => {
    const claimed = await connect('', 'codex');
    await claimed.request(
      'approval.request',
      { call: call(['git', 'status']), via: 'hook', wait_ms: 0 },
      inWorkspace,
    );
    let known: RunView['principal']['id'] | undefined;
    while (known === undefined)
      known = (await listed()).find(({ name }) => name === 'codex')?.agent_id;
    const { agent } = await add('codex');
    assert.equal(agent.agent_id, known);
  });
});
