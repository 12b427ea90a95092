import assert from 'node:assert/strict';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { HostClient } from '#schema/client/host-client.ts';
import type { CommandInput } from '#schema/commands/registry.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import type { RunView } from '#schema/views/run.ts';
import { TestEditor, TEST_WORKSPACE } from '../fakes/test-editor.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';

const inWorkspace = { workspaceId: TEST_WORKSPACE };
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'accepted',
    (error: { code?: string }) => error.code ?? 'no code',
  );

describe('the gate', () => {
  let t: TestHost;
  let agent: HostClient;

  beforeEach(async () => {
    t = await startTestHost();
    agent = await t.host.connect('agent', 'codex');
  });
  afterEach(async () => {
    await t[Symbol.asyncDispose]();
  });

  const touch = (file: string, change: Partial<ActionCall> = {}): ActionCall => ({
    action: 'command.run',
    tool: 'command.run',
    argv: ['touch', file],
    cwd: t.workspace,
    arguments: {},
    ...change,
  });
  const ask = (
    call: ActionCall,
    change: Partial<CommandInput<'approval.request'>> = {},
    client: HostClient = agent,
  ) => client.request('approval.request', { call, wait_ms: 30_000, ...change }, inWorkspace);
  const run = async (id: string | null): Promise<RunView> =>
    (await t.editor.client.request('run.get', { run_id: String(id), wait_ms: 10_000 })).run;

  describe('a question', () => {
    it('[A-49] [G-13] waits for a person and is allowed by a signed yes', async () => {
      const asked = ask(touch('a'));
      const card = await t.editor.nextCard();
      assert.deepEqual(
        [card.call.argv, card.requester.id, card.requester.proven],
        [['touch', 'a'], 'claimed:codex', false],
      );
      assert.equal((await t.editor.respond(card, 'approve')).status, 'approved');
      assert.equal((await asked).decision, 'allow');
    });

    it('[A-52] is denied by a signed no, with the reason', async () => {
      const asked = ask(touch('a'));
      await t.editor.respond(await t.editor.nextCard(), 'deny');
      const answer = await asked;
      assert.deepEqual([answer.decision, answer.reason_code], ['deny', 'denied_by_person']);
    });

    it('[G-10] answers pending when the caller does not wait, and can be answered later', async () => {
      const answer = await ask(touch('a'), { wait_ms: 0 });
      assert.equal(answer.decision, 'pending');
      await t.editor.respond(await t.editor.nextCard(), 'approve');
      assert.equal((await run(answer.run_id)).status, 'succeeded');
    });

    it('[G-31] is one question when the same call is seen twice', async () => {
      const first = ask(touch('a'), { dedupe_key: 'turn-1/call-1' });
      const card = await t.editor.nextCard();
      const second = ask(touch('a'), { dedupe_key: 'turn-1/call-1' });
      await t.editor.respond(card, 'approve');
      assert.deepEqual([(await first).decision, (await second).decision], ['allow', 'allow']);
      const third = await ask(touch('a'), { dedupe_key: 'turn-1/call-1' });
      assert.equal(third.decision, 'allow');
      assert.equal(
        (await t.editor.client.request('approval.list', { status: ['approved'] })).total,
        1,
      );
    });

    it('[G-31] is another question when the same key names another call', async () => {
      const first = ask(touch('a'), { dedupe_key: 'k' });
      await t.editor.respond(await t.editor.nextCard(), 'approve');
      await first;
      assert.equal((await ask(touch('b'), { dedupe_key: 'k', wait_ms: 0 })).decision, 'pending');
    });

    it('[G-30] is withdrawn when the hook that asked is gone', async () => {
      const hook = await t.host.connect('agent', 'codex');
      const asked = codeOf(ask(touch('a'), { cancel_on_disconnect: true }, hook));
      const card = await t.editor.nextCard();
      await hook.close();
      await asked;
      for (let i = 0; i < 200 && (await t.editor.waiting()).length > 0; i++)
        await new Promise((r) => setTimeout(r, 10));
      const { approval } = await t.editor.client.request('approval.get', {
        approval_id: card.approval_id,
      });
      assert.deepEqual([approval.status, approval.ended_reason], ['cancelled', 'run_cancelled']);
    });

    it('[G-30] is withdrawn with its hook also when the wait of the host was over before', async () => {
      const hook = await t.host.connect('agent', 'codex');
      const asked = { cancel_on_disconnect: true, via: 'hook' as const, wait_ms: 0 };
      const { decision, approval_id } = await ask(touch('a'), asked, hook);
      assert.equal(decision, 'pending');
      await hook.close();
      const { approval } = await t.editor.client.request('approval.get', {
        approval_id: String(approval_id),
        wait_ms: 10_000,
      });
      assert.equal(approval.status, 'cancelled');
    });

    it('[G-30] of a hook is denied soon, with what to do, when no editor window is open', async () => {
      await t[Symbol.asyncDispose]();
      t = await startTestHost({ hookPatienceMs: 100 });
      agent = await t.host.connect('agent', 'codex');
      await t.editor.client.close();
      const asked = await ask(touch('a'), { via: 'hook', wait_ms: 50_000 });
      assert.deepEqual([asked.decision, asked.reason_code], ['deny', 'nobody_there']);
      assert.match(asked.reason, /Open the folder in the editor/);
      // What is not a hook can ask again later for the answer, so its question stays.
      const other = await ask(touch('b'), { via: 'mcp', wait_ms: 300 });
      assert.equal(other.decision, 'pending');
      t.editor = t.editor.on(await t.host.connect('extension'));
      assert.deepEqual(
        (await t.editor.waiting()).map(({ call }) => call.argv),
        [['touch', 'b']],
      );
    });

    it('[A-09] is refused when a hundred of the same agent wait, and not of another', async () => {
      await Promise.all(Array.from({ length: 100 }, (_, i) => ask(touch(`f${i}`), { wait_ms: 0 })));
      assert.equal((await ask(touch('one more'))).reason_code, 'too_many_waiting');
      const other = await t.host.connect('agent', 'other');
      assert.equal((await ask(touch('a'), { wait_ms: 0 }, other)).decision, 'pending');
    });

    it('[G-31] is not asked for a safe read', async () => {
      const answer = await ask({
        action: 'command.run',
        tool: 'Bash',
        command_line: 'ls -la',
        cwd: t.workspace,
        arguments: { command: 'ls -la' },
      });
      assert.deepEqual(
        [answer.decision, answer.reason_code, answer.approval_id],
        ['allow', 'safe_read', null],
      );
    });

    it('[G-31] is asked when reads leave the workspace by cd, and not when they stay', async () => {
      const line = (command_line: string): ActionCall => ({
        action: 'command.run',
        tool: 'Bash',
        command_line,
        cwd: t.workspace,
        arguments: {},
      });
      const left = await ask(line('cd / && cat etc/hostname'), { wait_ms: 0 });
      assert.equal(left.decision, 'pending');
      const stayed = await ask(line('cd sub && ls | head -3'), { wait_ms: 0 });
      assert.deepEqual([stayed.decision, stayed.reason_code], ['allow', 'safe_read']);
    });

    it('[G-18] is danger when a link inside the workspace leads to a key', async () => {
      writeFileSync(join(t.dataDir, 'secret'), 'x');
      symlinkSync(join(t.dataDir, 'secret'), join(t.workspace, 'notes.txt'));
      await ask(
        {
          action: 'command.run',
          tool: 'Bash',
          command_line: 'cat notes.txt',
          cwd: t.workspace,
          arguments: {},
        },
        { wait_ms: 0 },
      );
      assert.equal((await t.editor.nextCard()).danger, true);
    });
  });

  describe('a decision', () => {
    it('[G-15] is refused without a signature, with a wrong one, and of an unknown decider', async () => {
      await ask(touch('a'), { wait_ms: 0 });
      const card = await t.editor.nextCard();
      const good = t.editor.decision(card, 'approve');
      const { signature: _signature, ...unsigned } = good;
      const respond = (payload: CommandInput<'approval.respond'>) =>
        codeOf(t.editor.client.request('approval.respond', payload));
      assert.equal(await respond(unsigned), 'signature_invalid');
      assert.equal(await respond({ ...good, signature: 'A'.repeat(86) }), 'signature_invalid');
      assert.equal(await respond({ ...good, source: 'voice' }), 'signature_invalid');
      assert.equal(
        await respond({ ...good, decider_id: 'dec_01ARZ3NDEKTSV4RRFFQ69G5FAV' }),
        'decider_unknown',
      );
      assert.equal((await t.editor.waiting()).length, 1);
    });

    it('[G-15] [G-27] is refused from the command line and from an agent, also when the signature is right', async () => {
      await ask(touch('a'), { wait_ms: 0 });
      const signed = t.editor.decision(await t.editor.nextCard(), 'approve');
      for (const role of ['cli', 'agent'] as const) {
        const client = await t.host.connect(role, 'codex');
        assert.equal(
          await codeOf(client.request('approval.respond', signed)),
          'approval_source_refused',
        );
        assert.equal(
          await codeOf(
            client.request('conversation.inject_text', { text: 'approve' }, inWorkspace),
          ),
          'approval_source_refused',
        );
      }
      assert.equal((await t.editor.waiting()).length, 1);
    });

    it('[G-13] is refused for changed arguments', async () => {
      await ask(touch('a'), { wait_ms: 0 });
      const card = await t.editor.nextCard();
      assert.equal(
        await codeOf(t.editor.respond(card, 'approve', { call_hash: 'b'.repeat(64) })),
        'arguments_changed',
      );
    });

    it('[G-14] counts once, however many arrive', async () => {
      const asked = await ask(touch('a'), { wait_ms: 0 });
      const card = await t.editor.nextCard();
      const outcomes = await Promise.all(
        ['approve', 'deny', 'approve', 'deny'].map((d) =>
          codeOf(t.editor.respond(card, d as 'approve' | 'deny')),
        ),
      );
      assert.deepEqual(outcomes.toSorted(), [
        'accepted',
        'already_settled',
        'already_settled',
        'already_settled',
      ]);
      assert.ok(['succeeded', 'denied'].includes((await run(asked.run_id)).status));
    });

    it('[G-15] is refused when it was signed for another store', async () => {
      await ask(touch('a'), { wait_ms: 0 });
      const other = t.editor.on(t.editor.client);
      other.storeId = 'another';
      assert.equal(
        await codeOf(other.respond(await t.editor.nextCard(), 'approve')),
        'signature_invalid',
      );
    });

    it('[G-18] about danger takes the second step and offers no grant', async () => {
      await ask({ ...touch('a'), argv: ['git', 'push', '--force'] }, { wait_ms: 0 });
      const card = await t.editor.nextCard();
      assert.deepEqual([card.danger, card.offers], [true, []]);
      assert.equal(await codeOf(t.editor.respond(card, 'approve')), 'second_step_required');
      assert.equal(
        (await t.editor.respond(card, 'approve', { confirmed: true })).status,
        'approved',
      );
    });

    it('[G-16] hold keeps it waiting, release lets it go on', async () => {
      const asked = ask(touch('a'));
      const card = await t.editor.nextCard();
      const held = await t.editor.respond(card, 'hold');
      assert.deepEqual([held.status, held.expires_at], ['held', null]);
      const released = await t.editor.respond(card, 'release');
      assert.equal(released.status, 'pending');
      assert.notEqual(released.expires_at, null);
      await t.editor.respond(card, 'approve');
      assert.equal((await asked).decision, 'allow');
    });

    it('[G-55] [A-114] is proved by verify', async () => {
      const asked = ask(touch('a'));
      await t.editor.respond(await t.editor.nextCard(), 'approve');
      await asked;
      const verified = await t.editor.client.request('audit.verify', {});
      assert.deepEqual([verified.ok, verified.decisions, verified.problems], [true, 1, []]);
    });
  });

  describe('an editor that wants to decide', () => {
    it('[G-15] is asked about when another one is enrolled, and decides nothing before', async () => {
      const second = new TestEditor(await t.host.connect('extension'));
      const enrolment = await second.enroll('second editor');
      assert.equal(enrolment.status, 'pending');
      await ask(touch('a'), { wait_ms: 0 });
      const cards = await t.editor.waiting();
      const question = cards.find((c) => c.call.action === 'decider.enroll');
      const other = cards.find((c) => c.call.action !== 'decider.enroll');
      assert.ok(question !== undefined && other !== undefined);
      assert.equal(await codeOf(second.respond(other, 'approve')), 'decider_unknown');
      assert.equal(
        await codeOf(second.respond(question, 'approve', { confirmed: true })),
        'decider_unknown',
      );
      await t.editor.respond(question, 'approve', { confirmed: true });
      assert.equal((await second.enroll('second editor')).status, 'enrolled');
      assert.equal((await second.respond(other, 'deny')).status, 'denied');
    });

    it('[G-15] must hold the key that it enrols', async () => {
      const thief = new TestEditor(await t.host.connect('extension'));
      const proof = thief.sign('something else');
      assert.equal(
        await codeOf(
          thief.client.request('decider.enroll', {
            public_key: t.editor.publicKey,
            label: 'x',
            proof,
          }),
        ),
        'signature_invalid',
      );
    });
  });

  describe('a standing permission', () => {
    const argv = ['touch', 'x', 'y'];
    const granted = async (offer: string): Promise<void> => {
      const asked = ask(touch('', { argv }));
      await t.editor.respond(await t.editor.nextCard(), 'approve', { offer_id: offer });
      await asked;
    };

    it('[G-17] for exactly this call is used, counted, and ends when revoked', async () => {
      await granted('exact');
      assert.deepEqual((await ask(touch('', { argv }))).reason_code, 'grant.exact');
      assert.equal(
        (await ask(touch('', { argv: ['touch', 'x'] }), { wait_ms: 0 })).decision,
        'pending',
      );
      const [grant] = (await t.editor.client.request('grant.list', {})).grants;
      assert.deepEqual([grant?.uses, grant?.label], [1, 'exactly this call: touch x y']);
      const cli = await t.host.connect('cli');
      await cli.request('grant.revoke', { grant_id: String(grant?.grant_id) });
      assert.equal((await ask(touch('', { argv }), { wait_ms: 0 })).decision, 'pending');
    });

    it('[G-17] for a prefix covers what begins with it and nothing else', async () => {
      await granted('prefix');
      assert.equal((await ask(touch('', { argv: ['touch', 'z'] }))).reason_code, 'grant.prefix');
      assert.equal(
        (await ask(touch('', { argv: ['cp', 'x', 'y'] }), { wait_ms: 0 })).decision,
        'pending',
      );
    });

    it('[G-17] belongs to one agent', async () => {
      await granted('prefix');
      const other = await t.host.connect('agent', 'other');
      assert.equal((await ask(touch('', { argv }), { wait_ms: 0 }, other)).decision, 'pending');
      assert.deepEqual((await other.request('grant.list', {})).grants, []);
    });

    it('[G-17] that was not offered is refused', async () => {
      await ask(touch('', { argv }), { wait_ms: 0 });
      assert.equal(
        await codeOf(
          t.editor.respond(await t.editor.nextCard(), 'approve', { offer_id: 'everything' }),
        ),
        'arguments_changed',
      );
    });
  });

  describe('stops', () => {
    it('[G-19] the kill switch beats an approval that waits', async () => {
      await ask(touch('a'), { wait_ms: 0 });
      const card = await t.editor.nextCard();
      const cli = await t.host.connect('cli');
      await cli.request('policy.kill_switch_set', { on: true });
      assert.equal(await codeOf(t.editor.respond(card, 'approve')), 'kill_switch_on');
      assert.equal((await ask(touch('b'))).reason_code, 'kill_switch_on');
    });

    it('[G-19] the kill switch is turned off only by a decider', async () => {
      const cli = await t.host.connect('cli');
      await cli.request('policy.kill_switch_set', { on: true });
      assert.equal(
        await codeOf(cli.request('policy.kill_switch_set', { on: false })),
        'decider_required',
      );
      assert.equal(
        await codeOf(
          t.editor.client.request('policy.kill_switch_set', {
            on: false,
            ...t.editor.signSetting({ kill_switch: true }),
          }),
        ),
        'signature_invalid',
      );
      await t.editor.client.request('policy.kill_switch_set', {
        on: false,
        ...t.editor.signSetting({ kill_switch: false }),
      });
      assert.equal((await ask(touch('b'), { wait_ms: 0 })).decision, 'pending');
    });

    it('[G-12] a wider preset takes a decider, a stricter one does not', async () => {
      const cli = await t.host.connect('cli');
      const wider = { 'policy.preset': 'trusted' };
      assert.equal(
        await codeOf(cli.request('config.patch', { changes: wider })),
        'decider_required',
      );
      await cli.request('config.patch', { changes: { 'policy.preset': 'off' } });
      assert.equal((await ask(touch('a'))).reason_code, 'off.command.run.agent');
      await t.editor.client.request('config.patch', {
        changes: wider,
        ...t.editor.signSetting({ config: wider }),
      });
      assert.equal(
        (await t.editor.client.request('config.get', {})).config['policy.preset'],
        'trusted',
      );
      assert.equal(
        await codeOf(cli.request('config.patch', { changes: { nonsense: 1 } })),
        'invalid_setting',
      );
    });

    it('[F-38] a paused host denies, keeps what waits, and goes on', async () => {
      await ask(touch('a'), { wait_ms: 0 });
      const cli = await t.host.connect('cli');
      await cli.request('runtime.stop', {});
      assert.equal((await ask(touch('b'))).reason_code, 'runtime_stopped');
      await cli.request('runtime.start', {});
      assert.equal((await t.editor.waiting()).length, 1);
      assert.equal((await ask(touch('b'), { wait_ms: 0 })).decision, 'pending');
    });

    it('[G-20] a workspace that lost its trust since the question runs nothing either', async () => {
      const asked = await ask(touch('a'), { wait_ms: 0 });
      const card = await t.editor.nextCard();
      await t.editor.open([t.workspace], { trusted: false });
      await t.editor.respond(card, 'approve');
      const ended = await run(asked.run_id);
      assert.deepEqual([ended.status, ended.error?.code], ['denied', 'workspace_untrusted']);
    });

    it('[G-20] an untrusted workspace runs nothing', async () => {
      await t.editor.open([t.workspace], { trusted: false });
      assert.equal((await ask(touch('a'))).reason_code, 'workspace_untrusted');
    });
  });

  describe('over a restart', () => {
    it('[G-10] a waiting question is still there and can be answered', async () => {
      const asked = await ask(touch('a'), { wait_ms: 0 });
      const before = await t.editor.nextCard();
      await t.restart();
      const after = await t.editor.nextCard();
      assert.deepEqual(after, before);
      await t.editor.respond(after, 'approve');
      assert.equal((await run(asked.run_id)).status, 'succeeded');
    });

    it('[G-10] an answer that comes before the window is back waits for it, and is not used up without one', async () => {
      const open = (editor: TestEditor) =>
        editor.open([t.workspace], { capabilities: ['editor.run_tests'] });
      await open(t.editor);
      const cli = await t.host.connect('cli');
      const text = 'run the tests';
      await cli.request('conversation.inject_text', { text, wait_ms: 0 }, inWorkspace);
      await t.restart();
      await t.editor.client.close();
      t.editor = t.editor.on(await t.host.connect('extension'));
      const card = await t.editor.nextCard();
      assert.equal(await codeOf(t.editor.respond(card, 'approve')), 'no_editor');
      assert.equal((await t.editor.nextCard()).status, 'pending');
      const answered = t.editor.respond(card, 'approve');
      await open(t.editor);
      assert.equal((await answered).status, 'approved');
      const { run: begun } = await t.editor.client.request('run.get', {
        run_id: String(card.run_id),
      });
      assert.equal(begun.status, 'running');
    });

    it('[A-02] verifies, with every projection as the events say', async () => {
      const asked = ask(touch('a'));
      await t.editor.respond(await t.editor.nextCard(), 'approve');
      await asked;
      await t.restart();
      const verified = await t.editor.client.request('audit.verify', {});
      assert.equal(verified.ok, true);
      assert.ok((verified.projections ?? 0) > 5);
    });
  });

  describe('a sentence', () => {
    it('[F-40] of the person runs a reading command and says what came of it', async () => {
      const panel = await t.host.connect('panel');
      const said = await panel.request(
        'conversation.inject_text',
        { text: 'git status' },
        inWorkspace,
      );
      assert.equal(said.intent?.name, 'git_status');
      assert.ok(['done', 'failed'].includes(said.status));
    });

    it('[G-22] for the editor without a window says so', async () => {
      const host = await startTestHost();
      try {
        await host.editor.client.close();
        const panel = await host.host.connect('panel');
        const said = await panel.request(
          'conversation.inject_text',
          { text: 'open settings' },
          inWorkspace,
        );
        assert.equal(said.error?.code, 'no_editor');
      } finally {
        await host[Symbol.asyncDispose]();
      }
    });

    it('[F-40] in a dry run stores nothing and does nothing', async () => {
      const panel = await t.host.connect('panel');
      const before = (await t.editor.client.request('runtime.status', {})).head_seq;
      const said = await panel.request(
        'conversation.inject_text',
        { text: 'git status', dry_run: true },
        inWorkspace,
      );
      assert.deepEqual([said.status, said.run_id], ['dry_run', null]);
      assert.equal((await t.editor.client.request('runtime.status', {})).head_seq, before);
    });
  });

  it('[G-21] what was approved runs once, as argv and not through a shell', async () => {
    const panel = await t.host.connect('panel');
    writeFileSync(join(t.workspace, 'in.txt'), 'hello');
    const said = panel.request('conversation.inject_text', { text: 'git status' }, inWorkspace);
    await said;
    const asked = await ask(touch('$(id)'), { wait_ms: 0 });
    assert.equal(asked.decision, 'pending');
    assert.equal(existsSync(join(t.workspace, '$(id)')), false);
    assert.equal(readFileSync(join(t.workspace, 'in.txt'), 'utf8'), 'hello');
  });
});
