// What agents ask people, through a real host: over MCP in, on a card and aloud, and back. Only the sound is
// made up.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { HostClient } from '#schema/client/host-client.ts';
import type { InquiryView } from '#schema/views/inquiry.ts';
import type { TurnView } from '#schema/views/turn.ts';
import { FakeVoice } from '../fakes/fake-voice.ts';
import { TEST_WORKSPACE } from '../fakes/test-editor.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';
import { agentOf, type TestAgent } from '../fakes/test-mcp-agent.ts';

const inWorkspace = { workspaceId: TEST_WORKSPACE };
const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const database = { question: 'Which database?', choices: ['PostgreSQL', 'SQLite'] };

describe('what agents ask people', () => {
  let t: TestHost;
  let voice: FakeVoice;
  let cli: HostClient;
  let codex: TestAgent;

  beforeEach(async () => {
    voice = new FakeVoice();
    t = await startTestHost({ voice: voice.load });
    cli = await t.host.connect('cli');
    codex = await agentOf(t.host, 'codex');
  });
  afterEach(() => t[Symbol.asyncDispose]());

  const open = async (): Promise<InquiryView[]> =>
    (await t.editor.client.request('inquiry.list', {})).inquiries;
  const card = async (): Promise<InquiryView> => {
    for (;;) {
      const [only] = await open();
      if (only !== undefined) return only;
      await soon(10);
    }
  };
  const answer = (inquiry_id: string, given: { choice: number } | { text: string }) =>
    t.editor.client.request('inquiry.answer', { inquiry_id, ...given });
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'answered',
      (failure: { code: string }) => failure.code,
    );
  /** Holds, says it, lets go, and waits until the turn is over. */
  const say = async (text: string, payload: object): Promise<TurnView> => {
    voice.next.push((listening) => listening.heard(text));
    const window_id = 'w1';
    const { turn_id } = await t.editor.client.request(
      'conversation.listen_start',
      { window_id, mode: 'hold', ...payload },
      inWorkspace,
    );
    await t.editor.client.request('conversation.listen_stop', { window_id });
    return (await cli.request('conversation.turn_get', { turn_id, wait_ms: 10_000 })).turn;
  };
  const replyOf = (view: TurnView): string =>
    view.moments.findLast(({ kind }) => kind === 'answer')?.text ?? '';
  const waiting = async (inquiry_id: string) =>
    (await cli.request('inquiry.get', { inquiry_id })).inquiry.status;

  it('[V-71] [V-72] a click answers the agent that waits', async () => {
    const asked = codex.wait('ask_user', database);
    const { inquiry_id, requester, question, choices, free_text } = await card();
    assert.deepEqual(
      [requester.display, question, choices, free_text],
      ['codex', database.question, database.choices, false],
    );
    await answer(inquiry_id, { choice: 1 });
    assert.deepEqual(await asked, {
      status: 'answered',
      inquiry_id,
      answer: 'SQLite',
      choice: 1,
      answered_by: 'click',
    });
    assert.deepEqual(await open(), []);
    assert.equal(await codeOf(answer(inquiry_id, { choice: 0 })), 'already_settled');
  });

  it('[V-71] whose time is up is told that it is pending, and fetches the answer later', async () => {
    const asked = await codex.call('ask_user', { question: 'What is the name?' });
    assert.deepEqual([asked.status, asked['answer']], ['pending', null]);
    assert.match(String(asked['next']), /get_answer/);
    const later = codex.wait('get_answer', { inquiry_id: asked.inquiry_id });
    await answer(asked.inquiry_id, { text: ' Hob, of course ' });
    const { status, answer: words, choice, answered_by } = await later;
    assert.deepEqual(
      [status, words, choice, answered_by],
      ['answered', 'Hob, of course', null, 'typed'],
    );
  });

  it('[V-71] is told what else became of it: declined, taken back', async () => {
    const first = codex.wait('ask_user', database);
    const { inquiry_id } = await card();
    await t.editor.client.request('inquiry.decline', { inquiry_id });
    assert.equal((await first).status, 'declined');
    const second = await codex.call('ask_user', database);
    const back = await codex.call('cancel_question', { inquiry_id: second.inquiry_id });
    assert.deepEqual(back, { status: 'cancelled' });
    assert.deepEqual(await open(), []);
    assert.equal(await codeOf(answer(second.inquiry_id, { choice: 0 })), 'already_settled');
  });

  it('[V-71] survives the host: the card is there, and the call that is sent again is the same question', async () => {
    const call = { 'hob/call_id': 'call-1' };
    void codex.wait('ask_user', database, call);
    const before = await card();
    await t.restart();
    cli = await t.host.connect('cli');
    const again = await agentOf(t.host, 'codex');
    const waits = again.wait('ask_user', database, { ...call, 'hob/waited_ms': 10 });
    const after = await card();
    assert.deepEqual(after, before);
    await soon(50);
    assert.equal((await open()).length, 1);
    await answer(after.inquiry_id, { choice: 0 });
    assert.deepEqual((await waits)['answer'], 'PostgreSQL');
    assert.ok((await cli.request('audit.verify', {})).ok);
  });

  it('[V-72] nobody but a person in the editor answers: no command line, no agent, no file', async () => {
    const { inquiry_id } = await codex.call('ask_user', database);
    const agent = await t.host.connect('agent', 'codex');
    for (const client of [cli, agent]) {
      assert.equal(
        await codeOf(client.request('inquiry.answer', { inquiry_id, choice: 0 })),
        'role_refused',
      );
      assert.equal(await codeOf(client.request('inquiry.decline', { inquiry_id })), 'role_refused');
    }
    voice.next.push((listening) => listening.heard('sqlite'));
    await cli.request('conversation.inject_audio', { path: '/tmp/sqlite.wav' });
    assert.equal(await waiting(inquiry_id), 'open');
  });

  it('[V-71] an agent sees its own questions and nobody else does', async () => {
    const { inquiry_id } = await codex.call('ask_user', database);
    const nosy = await agentOf(t.host, 'nosy');
    assert.match(await nosy.text('get_answer', { inquiry_id }), /^not_found/);
    assert.match(await nosy.text('cancel_question', { inquiry_id }), /^not_found/);
    await answer(inquiry_id, { choice: 0 });
    const types = async (agent: TestAgent): Promise<unknown[]> =>
      ((await agent.call('list_events', {}))['events'] as { event_type: string }[])
        .map(({ event_type }) => event_type)
        .filter((type) => type.startsWith('inquiry.'));
    assert.deepEqual(await types(codex), ['inquiry.asked', 'inquiry.answered']);
    assert.deepEqual(await types(nosy), []);
  });

  it('[V-70] asks no pile of questions, and none that cannot be answered', async () => {
    for (let n = 0; n < 4; n++) await codex.call('ask_user', { question: `Number ${n}?` });
    assert.match(await codex.text('ask_user', { question: 'More?' }), /^too_many_requests/);
    const other = await agentOf(t.host, 'other');
    const none = { question: 'Well?', own_words: false };
    assert.match(await other.text('ask_user', none), /^invalid_payload/);
  });

  it('[V-44] is said as its own, and silent once it is answered or in quiet mode', async () => {
    const { inquiry_id } = await codex.call('ask_user', database);
    while (voice.said.length < 2) await soon(10);
    assert.deepEqual(voice.said, [
      { text: 'codex asks: Which database?', kind: 'agent' },
      { text: 'PostgreSQL, or SQLite?', kind: 'agent' },
    ]);
    await answer(inquiry_id, { choice: 0 });
    await cli.request('config.patch', { changes: { 'voice.quiet': true } });
    await codex.call('ask_user', database);
    await soon(50);
    assert.equal(voice.said.length, 2);
  });

  describe('by voice', () => {
    beforeEach(() => t.editor.signsWhatIsHeard());

    /** Another agent waits for a decision, and its card is on show. */
    const approval = async (): Promise<string> => {
      const agent = await t.host.connect('agent', 'claude');
      const argv = ['npm', 'run', 'lint'];
      const call = {
        action: 'command.run' as const,
        tool: 'Bash',
        argv,
        command_line: argv.join(' '),
        arguments: {},
        cwd: t.workspace,
      };
      void agent
        .request('approval.request', { call, wait_ms: 60_000 }, inWorkspace)
        .catch(() => {});
      const { approval_id } = await t.editor.nextCard();
      await t.editor.client.request('client.shown_set', {
        window_id: 'w1',
        approvals: [approval_id],
      });
      await soon(1_050);
      return approval_id;
    };
    const statusOf = async (approval_id: string) =>
      (await cli.request('approval.get', { approval_id })).approval.status;

    it('[V-72] a turn on its card is its answer, and listens for its choices', async () => {
      const asked = codex.wait('ask_user', database);
      const { inquiry_id } = await card();
      const turn = await say('sqlite', { inquiry_id });
      assert.equal(replyOf(turn), 'I told codex: SQLite.');
      const { answer: words, answered_by } = await asked;
      assert.deepEqual([words, answered_by], ['SQLite', 'voice']);
      assert.deepEqual(voice.phrases.at(-1)?.meanings, [['PostgreSQL'], ['SQLite']]);
      const { events } = await cli.request('event.query', {
        stream_type: 'turn',
        stream_id: turn.turn_id,
      });
      assert.deepEqual(
        events.map((e) => e.event_type),
        ['turn.opened', 'turn.heard', 'turn.started', 'turn.answered'],
      );
    });

    it('[V-72] what is none of the choices is said to be none, and the question waits on', async () => {
      const { inquiry_id } = await codex.call('ask_user', database);
      const turn = await say('run the tests', { inquiry_id });
      assert.match(replyOf(turn), /codex asks for one of: PostgreSQL · SQLite/);
      assert.equal(turn.run_id, null);
      assert.equal(await waiting(inquiry_id), 'open');
    });

    it('[V-73] what Hob said itself is no answer: within half a second of it nothing is told to the agent', async () => {
      const { inquiry_id } = await codex.call('ask_user', database);
      while (voice.said.length < 2) await soon(10);
      voice.lastSoundAt = performance.now();
      assert.match(replyOf(await say('sqlite', { inquiry_id })), /still talking/);
      assert.equal(await waiting(inquiry_id), 'open');
      voice.lastSoundAt = performance.now() - 600;
      assert.equal(replyOf(await say('sqlite', { inquiry_id })), 'I told codex: SQLite.');
    });

    it('[V-71] [V-72] listen_once opens no microphone: it hears the turn that a person opens on its card', async () => {
      const phrases = ['staging', 'production'];
      const asked = codex.wait('listen_once', { prompt: 'Say the environment', phrases });
      const { inquiry_id, kind } = await card();
      assert.equal(kind, 'listen');
      await soon(50);
      assert.equal(voice.listenings.length, 0);
      await say('who is waiting', t.editor.listen());
      assert.equal(await waiting(inquiry_id), 'open');
      await say('staging', { inquiry_id });
      assert.deepEqual(voice.phrases.at(-1)?.meanings.flat(), phrases);
      const { answer: words, answered_by } = await asked;
      assert.deepEqual([words, answered_by], ['staging', 'voice']);
    });

    it('[V-73] yes to an agent decides nothing, however the turn was opened', async () => {
      const approval_id = await approval();
      const { inquiry_id } = await codex.call('ask_user', {
        question: 'Shall I?',
        choices: ['Yes', 'No'],
      });
      const turn = await say('yes', { ...t.editor.listen(), inquiry_id });
      assert.equal(turn.can_decide, false);
      assert.equal(replyOf(turn), 'I told codex: Yes.');
      assert.equal(await statusOf(approval_id), 'pending');
      const { decisions, ok } = await cli.request('audit.verify', {});
      assert.deepEqual([decisions, ok], [0, true]);
    });

    it('[V-73] yes in any other turn is for the approval, also for one that was just settled', async () => {
      const { inquiry_id } = await codex.call('ask_user', {
        question: 'Shall I?',
        choices: ['Yes', 'No'],
      });
      const approval_id = await approval();
      await say('yes', t.editor.listen());
      assert.equal(await statusOf(approval_id), 'approved');
      assert.match(replyOf(await say('yes', t.editor.listen())), /Nothing waits for an answer/);
      assert.equal(await waiting(inquiry_id), 'open');
    });

    it('[V-72] where no approval is about, yes is for the agent that asks', async () => {
      const asked = codex.wait('ask_user', { question: 'Shall I?', choices: ['Yes', 'No'] });
      await card();
      await say('yes', t.editor.listen());
      assert.equal((await asked)['answer'], 'Yes');
    });

    it('[V-72] a choice of the only question is taken in any turn; an order stays an order', async () => {
      const first = await codex.call('ask_user', database);
      await say('sqlite', t.editor.listen());
      assert.equal(await waiting(first.inquiry_id), 'answered');
      const second = await codex.call('ask_user', {
        question: 'What next?',
        choices: ['who is waiting', 'postgres'],
      });
      await say('who is waiting', t.editor.listen());
      assert.equal(await waiting(second.inquiry_id), 'open');
      await (await agentOf(t.host, 'other')).call('ask_user', database);
      await say('postgres', t.editor.listen());
      assert.equal(await waiting(second.inquiry_id), 'open');
    });

    it('[V-72] a turn for a question that is over is refused', async () => {
      const { inquiry_id } = await codex.call('ask_user', database);
      await answer(inquiry_id, { choice: 0 });
      assert.equal(await codeOf(say('sqlite', { inquiry_id })), 'already_settled');
    });
  });

  it('[V-74] who is waiting names agents that ask, each with its event', async () => {
    const { inquiry_id } = await codex.call('ask_user', database);
    const said = await cli.request('conversation.inject_text', { text: 'who is waiting' });
    const [seq] = said.event_seqs;
    assert.equal(said.reply, `codex asks you: Which database? [${seq}]`);
    const { event } = await cli.request('event.get', { seq: Number(seq) });
    assert.deepEqual([event.event_type, event.stream.stream_id], ['inquiry.asked', inquiry_id]);
  });

  it('[V-74] asked by voice, each sentence is linked as well, and no number is read out', async () => {
    await codex.call('ask_user', database);
    await soon(50);
    voice.said.length = 0;
    const turn = await say('who is waiting', t.editor.listen());
    const { events } = await cli.request('event.query', {
      stream_type: 'turn',
      stream_id: turn.turn_id,
    });
    const answered = events.at(-1)?.data;
    const seqs = answered?.['event_seqs'] as number[];
    assert.equal(answered?.['text'], `codex asks you: Which database? [${seqs[0]}]`);
    assert.deepEqual(
      voice.said.map(({ text }) => text),
      ['codex asks you: Which database?'],
    );
  });
});
