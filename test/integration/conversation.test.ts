// Sentences through a real host: what they do, what they never do, and what Hob answers from its events.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { HostClient } from '#schema/client/host-client.ts';
import type { CommandInput, CommandResult } from '#schema/commands/registry.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { TEST_WORKSPACE } from '../fakes/test-editor.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';

type Said = CommandResult<'conversation.inject_text'>;
const inWorkspace = { workspaceId: TEST_WORKSPACE };

const feedTheCat = {
  name: 'feed the cat',
  trigger: { kind: 'interval', every_seconds: 3_600 },
  action: { kind: 'reminder', message: 'feed' },
} as const;

describe('a sentence', () => {
  let t: TestHost;
  let cli: HostClient;

  beforeEach(async () => {
    t = await startTestHost();
    await t.editor.open([t.workspace], {
      capabilities: ['editor.open_settings', 'editor.go_to_line', 'editor.run_task'],
      tasks: [{ name: 'npm: lint', group: 'none' }],
    });
    cli = await t.host.connect('cli');
  });
  afterEach(() => t[Symbol.asyncDispose]());

  const say = (
    text: string,
    more: Partial<CommandInput<'conversation.inject_text'>> = {},
    client: HostClient = t.editor.client,
  ): Promise<Said> =>
    client.request('conversation.inject_text', { text, wait_ms: 10_000, ...more }, inWorkspace);
  const refusal = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'answered',
      (failure: { code: string }) => failure.code,
    );
  const turnEvents = async (id: string | null): Promise<StoredEvent[]> =>
    (await cli.request('event.query', { stream_type: 'turn', stream_id: String(id) })).events;
  /** Plays the window: answers the next tool call. */
  const window = (answer: (tool: string, args: unknown) => object): Promise<void> =>
    new Promise((resolve) => {
      const stop = t.editor.client.onEvent(({ event, payload }) => {
        if (event !== 'runtime.tool_call' || payload['token'] === undefined) return;
        stop();
        const { tool_call_id, token, tool, arguments: args } = payload as Record<string, string>;
        const result = answer(String(tool), args) as Record<string, string>;
        void t.editor.client
          .request('toolcall.succeed', {
            tool_call_id: String(tool_call_id),
            token: String(token),
            result,
          })
          .then(() => resolve());
      });
    });

  it('[F-40] [G-24] becomes an editor action with its slots, through the gate', async () => {
    const acted = window((tool, args) => ({ tool, args }));
    const said = await say('please go to line forty two');
    await acted;
    assert.deepEqual(
      [said.status, said.intent?.name, said.decision?.decision, said.result],
      ['done', 'go_to_line', 'allow', { tool: 'editor.go_to_line', args: { line: 42 } }],
    );
    assert.deepEqual(
      (await turnEvents(said.turn_id)).map(({ event_type }) => event_type),
      ['turn.started', 'turn.understood', 'turn.answered'],
    );
    const { run } = await cli.request('run.get', { run_id: String(said.run_id) });
    assert.deepEqual(
      [run.trigger, run.principal.id],
      [{ kind: 'sentence', ref: said.turn_id }, 'user'],
    );
  });

  it('[G-24] becomes a command in the folder of the workspace', async () => {
    const said = await say('git status');
    assert.deepEqual(
      [said.status, said.result?.['exit_code'], said.error?.code],
      ['failed', 128, 'command_failed'],
    );
    assert.match(JSON.stringify(said.result), /not a git repository/);
    assert.match(said.reply, /It says "fatal: not a git repository/);
    assert.match(said.outcome ?? '', /^It did not work: git status\..* 128\.?$/);
  });

  it('[G-24] that is a command says what to do where no folder is open', async () => {
    await t.editor.open([]);
    const { error } = await say('git status');
    assert.equal(error?.code, 'no_editor');
    assert.match(error.message, /Open a folder/);
  });

  it('asks a person when a program says it, and goes on with the answer', async () => {
    const acted = window(() => ({}));
    const asked = say('run task npm lint', {}, cli);
    const card = await t.editor.nextCard();
    assert.deepEqual(
      [card.call.tool, card.call.arguments, card.requester.id, card.task],
      ['editor.run_task', { name: 'npm: lint' }, 'cli', 'run task npm lint'],
    );
    await t.editor.respond(card, 'deny');
    const said = await asked;
    assert.deepEqual(
      [said.status, said.decision?.decision, said.error?.code],
      ['denied', 'require_approval', 'denied_by_person'],
    );
    void acted;
  });

  it('answers pending when it may not wait, and can be cancelled', async () => {
    const said = await say('run task npm: lint', { wait_ms: 0 }, cli);
    assert.deepEqual([said.status, typeof said.approval_id], ['pending', 'string']);
    assert.deepEqual(await cli.request('conversation.cancel', {}), { cancelled: [said.turn_id] });
    assert.deepEqual(await cli.request('conversation.cancel', { turn_id: String(said.turn_id) }), {
      cancelled: [],
    });
    assert.deepEqual(
      [(await t.editor.waiting()).length, (await turnEvents(said.turn_id)).at(-1)?.event_type],
      [0, 'turn.cancelled'],
    );
  });

  it('[G-25] says what is closest to what it does not understand, and does nothing', async () => {
    const said = await say('opne setings');
    assert.deepEqual(
      [said.status, said.intent, said.run_id, said.closest[0]?.phrase],
      ['not_understood', null, null, 'open settings'],
    );
    assert.match(said.reply, /Closest: A open settings/);
  });

  it('[G-15] [G-27] is never a decision, whoever says it', async () => {
    const agent = await t.host.connect('agent', 'codex');
    await agent.request(
      'approval.request',
      { call: { action: 'external.write', tool: 'x', arguments: {} }, wait_ms: 0 },
      inWorkspace,
    );
    for (const client of [t.editor.client, cli, agent]) {
      for (const words of [
        'approve',
        'yes',
        'Approve it, please',
        'allow git push',
        'deny',
        'go ahead',
      ]) {
        assert.equal(await refusal(say(words, {}, client)), 'approval_source_refused', words);
        assert.equal(
          await refusal(say(words, { dry_run: true }, client)),
          'approval_source_refused',
          words,
        );
      }
    }
    assert.equal((await t.editor.waiting())[0]?.status, 'pending');
  });

  it('stores nothing on a dry run and says what would be', async () => {
    const { head_seq } = await cli.request('event.query', { limit: 1 });
    const would = await say('open settings', { dry_run: true });
    assert.deepEqual(
      [would.status, would.decision?.decision, would.turn_id],
      ['dry_run', 'allow', null],
    );
    assert.equal(
      (await say('run task npm: lint', { dry_run: true }, cli)).decision?.decision,
      'require_approval',
    );
    assert.equal((await say('what happened', { dry_run: true })).status, 'dry_run');
    assert.equal((await cli.request('event.query', { limit: 1 })).head_seq, head_seq);
  });

  it('is done once for one idempotency key', async () => {
    const options = { ...inWorkspace, idempotencyKey: 'k1' };
    const first = await cli.request(
      'conversation.inject_text',
      { text: 'run task npm: lint', wait_ms: 0 },
      options,
    );
    const again = await cli.request(
      'conversation.inject_text',
      { text: 'run task npm: lint', wait_ms: 0 },
      options,
    );
    assert.deepEqual(
      [again.turn_id, again.run_id, (await t.editor.waiting()).length],
      [first.turn_id, first.run_id, 1],
    );
  });

  it('[W-23] that deletes a schedule is taken back by "undo" as the next one, else by name', async () => {
    const task = {
      name: 'water the plants',
      trigger: { kind: 'interval', every_seconds: 3_600 },
      action: { kind: 'reminder', message: 'water' },
    } as const;
    const made = await cli.request('scheduler.create', { task });
    assert.ok(made.task !== null);
    const { task_id } = made.task;
    const statuses = async (): Promise<string[]> =>
      (await cli.request('scheduler.list', {})).tasks
        .filter((one) => one.task_id === task_id)
        .map(({ status }) => status);
    const gone = await say('cancel the water the plants schedule');
    assert.match(gone.reply, /^Deleted: water the plants\. Say "undo" to have it back\.$/);
    assert.deepEqual(gone.result, { task_id, deleted: true });
    assert.deepEqual(await statuses(), []);
    const back = await say('undo');
    assert.match(back.reply, /^It is back: water the plants\. Next: /);
    assert.deepEqual(await statuses(), ['active']);
    const types = (await cli.request('event.query', { stream_id: task_id })).events;
    assert.deepEqual(
      types.map(({ event_type, causation_id }) => [event_type, causation_id]),
      [
        ['task.created', null],
        ['task.deleted', gone.turn_id],
        ['task.restored', back.turn_id],
      ],
    );
    await say('cancel the water the plants schedule');
    await say('what is scheduled');
    // Something else was said since, so a plain one is the editor's again.
    const editors = await say('undo', { wait_ms: 0 });
    assert.doesNotMatch(editors.reply, /It is back/);
    assert.deepEqual(await statuses(), []);
    assert.match((await say('restore the schedule')).reply, /^It is back/);
    assert.match((await say('bring it back')).reply, /No schedule was deleted/);
    // By the button, for whoever deleted it, and never by an agent.
    await say('cancel the water the plants schedule');
    const agent = await t.host.connect('agent');
    assert.equal(await refusal(agent.request('scheduler.restore', { task_id })), 'role_refused');
    const { task: again } = await cli.request('scheduler.restore', { task_id });
    assert.equal(again.status, 'active');
    // It is back, so an "undo" now is meant for the editor.
    assert.doesNotMatch((await say('undo', { wait_ms: 0 })).reply, /It is back/);
  });

  it('[F-46] that asks what is scheduled is answered with what is the person’s own, not with upkeep', async () => {
    assert.equal(
      (await say('what is scheduled')).reply,
      'Nothing of yours is scheduled, only the upkeep of Hob itself.',
    );
    assert.equal((await say('what is next')).reply, 'Nothing of yours is due.');
    await cli.request('scheduler.create', { task: feedTheCat });
    assert.equal((await say('what is scheduled')).reply, 'feed the cat: Every hour.');
    assert.match((await say('what is next')).reply, /^feed the cat, on /);
  });

  it('[W-23] that has back what fell due in the meantime says so, and names no moment that has passed', async () => {
    const at = Date.now() + 2_000;
    const task = {
      name: 'feed the cat',
      trigger: { kind: 'once', at: new Date(at).toISOString() },
      action: { kind: 'reminder', message: 'feed' },
    } as const;
    await cli.request('scheduler.create', { task });
    await say('cancel the feed the cat schedule');
    await new Promise((resolve) => setTimeout(resolve, at + 1 - Date.now()));
    const { reply } = await say('undo');
    assert.equal(reply, 'It is back: feed the cat. It was due in the meantime.');
  });

  it('[W-23] that says "undo" takes back what was deleted in its own window, and nothing of another', async () => {
    await cli.request('scheduler.create', { task: feedTheCat });
    const here = { window_id: 'win_here', wait_ms: 0 };
    const there = { window_id: 'win_there', wait_ms: 0 };
    await say('cancel the feed the cat schedule', here);
    // In the other window it is the editor's, and what is said there changes nothing here.
    assert.doesNotMatch((await say('undo', there)).reply, /It is back/);
    assert.match((await say('undo', here)).reply, /^It is back: feed the cat\./);
    await say('cancel the feed the cat schedule', here);
    // By its name it comes back from wherever that is said.
    assert.match((await say('restore the schedule', there)).reply, /^It is back: feed the cat\./);
  });

  describe('that asks', () => {
    const ask = async (): Promise<void> => {
      const agent = await t.host.connect('agent', 'codex');
      await agent.request(
        'approval.request',
        {
          call: {
            action: 'external.write',
            tool: 'post',
            url: 'https://example.com',
            arguments: {},
          },
          wait_ms: 0,
        },
        inWorkspace,
      );
    };

    it('[V-74] who is waiting: each with the event that asked', async () => {
      assert.equal((await say('who is waiting')).reply, 'Nobody waits.');
      await ask();
      const said = await say('who is waiting?');
      assert.deepEqual(
        [said.status, said.reply],
        ['answered', `codex waits: post. [${said.event_seqs[0]}]`],
      );
      const seqs = (await turnEvents(said.turn_id)).at(-1)?.data?.['event_seqs'] as number[];
      const { event } = await cli.request('event.get', { seq: Number(seqs[0]) });
      assert.equal(event.event_type, 'approval.requested');
    });

    it('[V-74] why: the rule that stopped or asked last, with its code', async () => {
      assert.equal((await say('why')).reply, 'Nothing was stopped, and nothing waits.');
      await ask();
      assert.deepEqual((await say('why?')).result?.['reason_code'], 'ask.external.write.agent');
      await t.editor.respond(await t.editor.nextCard(), 'deny', { confirmed: true });
      const said = await say('why not');
      assert.deepEqual(said.result?.['reason_code'], 'denied_by_person');
      assert.match(said.reply, /post was not allowed: You said no\. \(denied_by_person\) \[\d+\]$/);
      const { event } = await cli.request('event.get', { seq: Number(said.event_seqs[0]) });
      assert.equal(event.event_type, 'run.denied');
    });

    it('[V-74] what happened: sentences, each linked to its event', async () => {
      await ask();
      await t.editor.respond(await t.editor.nextCard(), 'deny', { confirmed: true });
      const said = await say('what happened in the last hour');
      const sentences = said.result?.['sentences'] as { seq: number; text: string }[];
      assert.deepEqual(
        sentences.slice(-2).map(({ text }) => text),
        ['Asked: post', 'Not allowed: post: You said no.'],
      );
      for (const { seq, text } of sentences)
        assert.ok(said.reply.includes(`${text.replace(/\.$/, '')}. [${seq}]`));
      assert.doesNotMatch(said.reply, /\.\./, 'a sentence ends once');
    });

    it('shows an agent nothing of others', async () => {
      await ask();
      const other = await t.host.connect('agent', 'nosy');
      assert.equal((await say('who is waiting', {}, other)).reply, 'Nobody waits.');
      assert.equal((await say('why', {}, other)).reply, 'Nothing was stopped, and nothing waits.');
      assert.deepEqual((await say('what happened', {}, other)).result?.['total'], 0);
    });

    it('hold: names the one question, for a decider to sign', async () => {
      assert.deepEqual((await say('hold')).result, { hold: null });
      await ask();
      const card = await t.editor.nextCard();
      assert.deepEqual((await say('not sure')).result, {
        hold: { approval_id: card.approval_id, call_hash: card.call_hash },
      });
      assert.equal((await t.editor.waiting())[0]?.status, 'pending');
      await ask();
      assert.deepEqual((await say('hold on')).result, { hold: null });
    });

    it('[G-19] for the kill switch: on at once, off never, and not by an agent', async () => {
      const agent = await t.host.connect('agent', 'codex');
      assert.equal(await refusal(say('kill switch', {}, agent)), 'role_refused');
      assert.equal((await say('stop everything')).status, 'answered');
      assert.equal((await cli.request('runtime.status', {})).kill_switch, true);
      assert.equal((await say('open settings')).status, 'denied');
      assert.equal(await refusal(say('turn off the kill switch')), 'decider_required');
      assert.match((await say('status')).reply, /kill switch is on/);
    });

    it('help: phrases that are understood', async () => {
      const said = await say('what can I say');
      assert.ok(
        (said.result?.['phrases'] as string[]).includes('go to LINE') ||
          said.reply.includes('go to'),
      );
      assert.match(said.reply, /run task npm: lint/);
    });
  });
});
