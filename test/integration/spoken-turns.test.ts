// Spoken turns through a real host: who talks, what becomes of it, and when an answer counts. Only the sound
// is made up; recognition and speech themselves have their own tests.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { HostClient } from '#schema/client/host-client.ts';
import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import type { TurnView } from '#schema/views/turn.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { micWords } from '#host/voice/audio/core/mic-words.ts';
import { MicError } from '#host/voice/ports.ts';
import { FakeVoice, type FakeListening } from '../fakes/fake-voice.ts';
import { TEST_WORKSPACE } from '../fakes/test-editor.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';

const inWorkspace = { workspaceId: TEST_WORKSPACE };
const says =
  (text: string, more: Parameters<FakeListening['heard']>[1] = {}) =>
  (listening: FakeListening): void =>
    listening.heard(text, more);
const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('spoken turns', () => {
  let t: TestHost;
  let voice: FakeVoice;
  let cli: HostClient;
  let live: EventEnvelope[];

  /** How far the host's clock is ahead, and whether it waits for signatures. */
  let ahead: number;
  let isPatient: boolean;
  const clock: Clock = {
    now: () => systemClock.now() + ahead,
    monotonic: () => systemClock.monotonic() + ahead,
    timer: (ms, run) => systemClock.timer(ms === 5_000 && !isPatient ? 20 : ms, run),
  };

  beforeEach(async () => {
    voice = new FakeVoice();
    [ahead, isPatient] = [0, true];
    t = await startTestHost({ voice: voice.load, clock });
    await t.editor.open([t.workspace], { capabilities: ['editor.open_settings'] });
    cli = await t.host.connect('cli');
    live = [];
    t.editor.client.onEvent((event) => live.push(event));
  });
  afterEach(() => t[Symbol.asyncDispose]());

  const start = (payload: object = t.editor.listen()) =>
    t.editor.client.request(
      'conversation.listen_start',
      { window_id: 'w1', mode: 'hold', ...payload },
      inWorkspace,
    );
  const stop = (more: object = {}) =>
    t.editor.client.request('conversation.listen_stop', { window_id: 'w1', ...more });
  const ended = async (turn_id: string): Promise<TurnView> =>
    (await cli.request('conversation.turn_get', { turn_id, wait_ms: 10_000 })).turn;
  /** Holds, says it, lets go, and waits until the turn is over. */
  const say = async (text: string, payload?: object): Promise<TurnView> => {
    voice.next.push(says(text));
    const { turn_id } = await start(payload);
    await stop();
    return ended(turn_id);
  };
  const eventsOf = async (id: string): Promise<StoredEvent[]> =>
    (await cli.request('event.query', { stream_type: 'turn', stream_id: id })).events;
  const answerOf = (view: TurnView): string =>
    view.moments.findLast(({ kind }) => kind === 'answer')?.text ?? '';
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'answered',
      (failure: { code: string }) => failure.code,
    );
  /** An agent asks for something that a person must answer. */
  const ask = async (argv = ['npm', 'run', 'lint']): Promise<ApprovalView> => {
    const agent = await t.host.connect('agent', 'codex');
    void agent
      .request(
        'approval.request',
        {
          call: {
            action: 'command.run',
            tool: 'Bash',
            argv,
            command_line: argv.join(' '),
            arguments: { command: argv.join(' ') },
            cwd: t.workspace,
          },
          wait_ms: 60_000,
        },
        inWorkspace,
      )
      .catch(() => {});
    for (;;) {
      const card = (await t.editor.waiting()).find((a) => a.call.argv?.join() === argv.join());
      if (card !== undefined) return card;
      await soon(10);
    }
  };
  const show = (...approvals: ApprovalView[]) =>
    t.editor.client.request('client.shown_set', {
      window_id: 'w1',
      approvals: approvals.map((a) => a.approval_id),
    });
  const statusOf = async ({ approval_id }: ApprovalView): Promise<string> =>
    (await cli.request('approval.get', { approval_id })).approval.status;

  it('[F-48] [F-49] the voice session moves to a window and its devices, and goes home again', async () => {
    await cli.request('device.move', { window_id: 'w1', input: 'mic-2' });
    const { home } = await cli.request('audio.device_list', {});
    assert.deepEqual([home.window_id, home.input, home.is_home], ['w1', 'mic-2', false]);
    const turn = await say('who is waiting');
    assert.equal(turn.acts_on, 'w1');
    const told = live.find(({ event }) => event === 'runtime.turn')?.payload;
    assert.deepEqual([told?.['acts_on'], told?.['acts_on_name']], ['w1', 'test']);
    assert.deepEqual(voice.listenings.at(-1)?.options.source, { device: 'mic-2' });
    assert.equal(await codeOf(cli.request('device.move', { window_id: 'nowhere' })), 'not_found');
    const back = await cli.request('device.go_home', {});
    assert.deepEqual([back.home.window_id, back.home.input, back.home.is_home], [null, null, true]);
  });

  it('[F-56] [F-57] [F-58] [F-62] hold, speak, let go: heard, done and answered aloud, with an event for each step', async () => {
    await t.editor.client.subscribe({});
    voice.next.push((listening) => {
      listening.options.onPartial('who is');
      listening.heard('who is waiting');
    });
    const { turn_id } = await start();
    await stop();
    const turn = await ended(turn_id);
    assert.equal(turn.ended_reason, 'done');
    assert.deepEqual(
      (await eventsOf(turn_id)).map((e) => e.event_type),
      ['turn.opened', 'turn.heard', 'turn.started', 'turn.understood', 'turn.answered'],
    );
    assert.ok(voice.said.length > 0);
    while (!live.some(({ event, payload }) => event === 'runtime.speaking' && !payload['active']))
      await soon(10);
    const told = (name: string): EventEnvelope['payload'][] =>
      live.flatMap(({ event, payload }) => (event === name ? [payload] : []));
    const source = 'voice';
    assert.deepEqual(told('runtime.transcription'), [
      { turn_id, text: 'who is', final: false, source },
      { turn_id, text: 'who is waiting', final: true, source },
    ]);
    const answer = { turn_id, text: 'Nobody waits.', event_seqs: [] };
    assert.deepEqual(told('runtime.assistant_sentence'), [answer]);
    assert.deepEqual(told('runtime.assistant_generating'), [
      { active: true, turn_id },
      { active: false, turn_id },
    ]);
    assert.deepEqual(
      told('runtime.mic_status').map(({ state, device }) => [state, device]),
      [
        ['opening', null],
        ['open', 'Test microphone'],
        ['closed', 'Test microphone'],
      ],
    );
    const states = ['recognising', 'understood', 'acting', 'speaking', 'ended'];
    assert.deepEqual(
      told('runtime.turn').map(({ state, acts_on }) => [state, acts_on]),
      ['listening', ...states].map((state) => [state, 'w1']),
    );
    assert.deepEqual(
      turn.moments.filter(({ kind }) => kind === 'state').map(({ data }) => data['state']),
      states,
    );
  });

  it('[V-45] nothing is said while somebody talks, and what came meanwhile once they have ended', async () => {
    voice.next.push(says('help'));
    const { turn_id } = await start();
    while (voice.listenings.length === 0) await soon(10);
    assert.equal(voice.holds, 1);
    await stop();
    await ended(turn_id);
    assert.equal(voice.holds, 0);
  });

  it('[V-12] the level is told while the microphone is open, 0 at its end, and kept for the debug view', async () => {
    const { turn_id } = await start();
    while (voice.listenings.length === 0) await soon(10);
    voice.listenings[0]?.options.onLevel(0.25);
    await soon(60);
    voice.listenings[0]?.options.onLevel(0.5);
    voice.listenings[0]?.heard('help');
    const { level } = await ended(turn_id);
    assert.deepEqual([level?.frames, level?.peak], [2, 0.5]);
    assert.deepEqual(
      level?.points.map(([, value]) => value),
      [0.25, 0.5],
    );
    const [first = 0, second = 0] = level?.points.map(([at]) => at) ?? [];
    assert.ok(second - first >= 50, `${first} ${second}`);
    const told = live.filter(({ event }) => event === 'runtime.audio_level');
    assert.deepEqual(told.at(-1)?.payload, { of: 'microphone', level: 0 });
  });

  it('[V-77] a tap ends when it is quiet, without a hand', async () => {
    const { turn_id } = await start({ ...t.editor.listen({ mode: 'tap' }) });
    await soon(50);
    assert.equal(voice.listenings[0]?.options.endBy, 'silence');
    voice.listenings[0]?.heard('help');
    assert.equal((await ended(turn_id)).ended_reason, 'done');
  });

  it('[V-11] two windows at once: the second is told which one has the microphone, and may take it', async () => {
    const first = await start();
    const other = { window_id: 'w2' };
    const refusal = await start({ ...other }).then(
      () => null,
      (failure: { code: string; details: object }) => failure,
    );
    assert.deepEqual([refusal?.code, refusal?.details], ['microphone_in_use', { window_id: 'w1' }]);
    const second = await start({ ...other, take_over: true });
    assert.equal((await ended(first.turn_id)).ended_reason, 'taken_over');
    await t.editor.client.request('conversation.listen_stop', { window_id: 'w2', discard: true });
    assert.equal((await ended(second.turn_id)).ended_reason, 'aborted');
  });

  it('[V-12] 100 turns begun and let go at once leave nothing behind', async function () {
    const head = async (): Promise<number> =>
      (await cli.request('event.query', { limit: 1 })).head_seq;
    const before = await head();
    // All at once, as a key that bounces would: none waits for the one before it.
    const all = Array.from({ length: 100 }, () => [start(), stop({ discard: true })]).flat();
    await Promise.all(all.slice(0, 100));
    await Promise.all(all);
    await stop({ discard: true });
    await soon(100);
    const { turns } = await cli.request('conversation.turn_list', { limit: 50 });
    assert.equal(turns.length, 50);
    const reasons = new Set(turns.map((turn) => turn.ended_reason));
    assert.ok(turns.every((turn) => turn.state === 'ended'));
    assert.deepEqual(
      [...reasons].filter((r) => r !== 'aborted' && r !== 'superseded'),
      [],
    );
    assert.ok(voice.listenings.every(({ options }) => options.signal.aborted));
    assert.equal(voice.holds, 0);
    assert.equal(await head(), before);
    assert.equal((await say('help')).ended_reason, 'done');
  });

  it('[V-41] [V-44] an agent stops what it said itself and nothing else; a person stops everything', async () => {
    const [one, other] = [
      await t.host.connect('agent', 'codex'),
      await t.host.connect('agent', 'claude'),
    ];
    voice.speaks = new Promise(() => {});
    const said = [one, other].map((agent) =>
      agent.request('speech.speak', { text: 'Tests are green.', wait_ms: 10_000 }),
    );
    while (voice.said.length < 2) await soon(10);
    assert.deepEqual(await one.request('speech.stop', {}), { stopped: 1 });
    assert.equal((await said[0])?.status, 'stopped');
    assert.deepEqual(await one.request('speech.stop', {}), { stopped: 0 });
    assert.deepEqual(await cli.request('speech.stop', {}), { stopped: 1 });
    assert.equal((await said[1])?.status, 'stopped');
  });

  it('[V-12] a microphone that is lost in the middle is said at once, and the next turn works', async () => {
    const { turn_id } = await start();
    await soon(50);
    voice.listenings[0]?.fails(new MicError('device_lost', 'unplugged'));
    assert.equal((await ended(turn_id)).ended_reason, 'microphone_lost');
    const error = live.findLast((e) => e.event === 'runtime.mic_status')?.payload;
    assert.deepEqual([error?.['state'], error?.['code']], ['error', 'microphone_lost']);
    assert.match(String(error?.['message']), /disconnected/);
    assert.equal((await say('help')).ended_reason, 'done');
  });

  it('[V-61] a sound library that does not work is said with what to do, in a turn and in the list of devices', async () => {
    const failure = new MicError(
      'not_supported',
      'The sound library does not work on this machine. (libasound is missing: install it)',
    );
    const { turn_id } = await start();
    while (voice.listenings.length === 0) await soon(10);
    voice.listenings[0]?.fails(failure);
    assert.equal((await ended(turn_id)).ended_reason, 'voice_unavailable');
    const error = live.findLast((e) => e.event === 'runtime.mic_status')?.payload;
    assert.match(String(error?.['message']), /libasound is missing: install it/);
    voice.devices = () => Promise.reject(failure);
    await assert.rejects(cli.request('audio.device_list', {}), {
      code: 'voice_unavailable',
      message: failure.message,
    });
  });

  it('[V-61] whatever keeps a microphone from opening is said at once, each in its own words and with what to do', async () => {
    const rows = [
      ['no_device', 'microphone_missing', /no microphone\..*(Connect|choose)/],
      ['permission_denied', 'microphone_denied', /does not let.*Allow it/],
      ['device_busy', 'microphone_busy', /Another program.*(Close|choose)/],
      ['failed', 'microphone_failed', /no sound.*(Choose|restart)/],
    ] as const;
    for (const [reason, code, words] of rows) {
      const { turn_id } = await start();
      while (voice.listenings.at(-1)?.options.signal.aborted !== false) await soon(10);
      voice.listenings.at(-1)?.fails(new MicError(reason, micWords(reason)));
      assert.equal((await ended(turn_id)).ended_reason, code);
      const said = live.findLast((e) => e.event === 'runtime.mic_status')?.payload;
      assert.deepEqual([said?.['state'], said?.['code']], ['error', code]);
      assert.match(String(said?.['message']), words);
    }
  });

  it('[V-61] a microphone that is switched off is said at once, while it stays open', async () => {
    const { turn_id } = await start();
    while (voice.listenings.length === 0) await soon(10);
    await soon(10);
    voice.listenings[0]?.options.onMuted?.();
    const said = (): EventEnvelope['payload'] | undefined =>
      live.findLast((e) => e.event === 'runtime.mic_status')?.payload;
    while (said()?.['code'] === null) await soon(10);
    assert.deepEqual([said()?.['state'], said()?.['code']], ['open', 'microphone_muted']);
    assert.match(String(said()?.['message']), /muted|switched/);
    assert.equal((await cli.request('conversation.turn_get', { turn_id })).turn.state, 'listening');
    await stop({ discard: true });
    await ended(turn_id);
    assert.deepEqual([said()?.['state'], said()?.['code']], ['closed', null]);
  });

  describe('a microphone that is open for its level alone', () => {
    const watch = (on = true): Promise<{ device: string | null }> =>
      t.editor.client.request('audio.level_watch', { window_id: 'w1', on });
    const status = (): EventEnvelope['payload'] | undefined =>
      live.findLast((e) => e.event === 'runtime.mic_status')?.payload;
    const isClosed = (at = -1): boolean => voice.watched.at(at)?.options.signal.aborted === true;

    it('[V-61] is shown as open, tells its level, hears nothing, and closes when the picker does', async () => {
      assert.deepEqual(await watch(), { device: 'Test microphone' });
      assert.deepEqual(
        [status()?.['state'], status()?.['turn_id'], status()?.['window_id']],
        ['open', null, 'w1'],
      );
      voice.watched[0]?.options.onLevel(0.25);
      voice.watched[0]?.options.onMuted?.();
      while (status()?.['code'] !== 'microphone_muted') await soon(10);
      await watch();
      assert.equal(voice.watched.length, 1, 'asked again, it stays as it is');
      const levels = (): unknown[] =>
        live.flatMap(({ event, payload }) =>
          event === 'runtime.audio_level' ? [payload['level']] : [],
        );
      assert.deepEqual(levels(), [0.25]);
      await watch(false);
      while (status()?.['state'] !== 'closed') await soon(10);
      assert.ok(isClosed());
      assert.equal(levels().at(-1), 0);
      assert.deepEqual([voice.listenings, voice.phrases], [[], []]);
    });

    it('[V-61] gives way to a turn, to another device, to the gate, and ends with its window', async () => {
      await watch();
      const turn = say('help');
      assert.equal((await turn).ended_reason, 'done');
      assert.ok(isClosed(0));
      await watch();
      await cli.request('device.move', { input: 'mic-2' });
      await watch();
      assert.ok(isClosed(1));
      assert.equal(voice.watched.at(-1)?.options.device, 'mic-2');
      await cli.request('conversation.gate_set', { open: false });
      while (!isClosed()) await soon(10);
      assert.equal(await codeOf(watch()), 'microphone_closed');
      await cli.request('conversation.gate_set', { open: true });
      const other = await t.host.connect('panel');
      await other.request('audio.level_watch', { window_id: 'w2', on: true });
      const { length } = voice.watched;
      await watch();
      assert.equal(voice.watched.length, length, 'two that look hear the same one');
      await other.close();
      while (!isClosed()) await soon(10);
      assert.equal(
        await codeOf(cli.request('audio.level_watch', { window_id: 'w1', on: true })),
        'role_refused',
      );
    });

    it('[V-61] says why it cannot open, and that it was pulled out', async () => {
      voice.opens = Promise.reject(new MicError('permission_denied', 'not allowed'));
      voice.opens.catch(() => {});
      assert.equal(await codeOf(watch()), 'microphone_denied');
      voice.opens = Promise.resolve({ id: 'mic1', name: 'One', kind: 'input', is_default: true });
      await watch();
      voice.watched.at(-1)?.end(new MicError('device_lost', 'unplugged'));
      while (status()?.['state'] !== 'error') await soon(10);
      assert.match(String(status()?.['message']), /disconnected/);
    });
  });

  it('[V-12] the microphone opens while the phrases are still being made, and their failure ends the turn', async () => {
    const known = Promise.withResolvers<void>();
    voice.setPhrases = () => known.promise;
    const { turn_id } = await start();
    while (voice.listenings.length === 0) await soon(10);
    known.reject(new HobError('voice_unavailable', { message: 'The recogniser does not start.' }));
    assert.equal((await ended(turn_id)).ended_reason, 'voice_unavailable');
    assert.ok(voice.listenings[0]?.options.signal.aborted);
  });

  it('[V-12] a window that closes ends its turn', async () => {
    const window = await t.host.connect('extension');
    const { turn_id } = await window.request('conversation.listen_start', {
      window_id: 'w2',
      mode: 'hold',
    });
    await window.close();
    assert.equal((await ended(turn_id)).ended_reason, 'window_closed');
    assert.equal((await say('help')).ended_reason, 'done');
  });

  it('[F-41] a closed gate keeps every microphone closed and ends the turn that listens', async () => {
    const { turn_id } = await start();
    assert.deepEqual(await cli.request('conversation.gate_set', { open: false }), { open: false });
    assert.equal((await ended(turn_id)).ended_reason, 'gate_closed');
    assert.equal(await codeOf(start()), 'microphone_closed');
    await cli.request('conversation.gate_set', { open: true });
    assert.equal((await say('help')).ended_reason, 'done');
  });

  it('[V-24] what is not a known phrase does nothing, and says what is closest', async () => {
    voice.next.push(
      says('open the sittings', {
        accepted: false,
        closest: [{ text: 'open settings', score: 0.4 }],
      }),
    );
    const { turn_id } = await start();
    await stop();
    const turn = await ended(turn_id);
    assert.equal(turn.run_id, null);
    assert.match(answerOf(turn), /I heard "open the sittings" and did nothing.*open settings/);
  });

  it('nothing said leaves nothing', async () => {
    voice.next.push((listening) => listening.silence());
    const { turn_id } = await start();
    await stop();
    assert.equal((await ended(turn_id)).ended_reason, 'nothing_heard');
    assert.deepEqual(await eventsOf(turn_id), []);
  });

  it('[V-78] with the setting, a transcript is corrected before it acts', async () => {
    await cli.request('config.patch', { changes: { 'voice.edit_transcript': true } });
    voice.next.push(says('status'));
    const { turn_id } = await start();
    await stop();
    while ((await cli.request('conversation.turn_get', { turn_id })).turn.state !== 'editing')
      await soon(10);
    await t.editor.client.request('conversation.transcript_confirm', {
      turn_id,
      text: 'who is waiting',
    });
    await ended(turn_id);
    const started = (await eventsOf(turn_id)).find((e) => e.event_type === 'turn.started');
    assert.equal(started?.data?.['text'], 'who is waiting');
  });

  describe('answers to a card', () => {
    let signNoMore: () => void;
    beforeEach(() => void (signNoMore = t.editor.signsWhatIsHeard()));

    it('[V-15] [F-110] a yes settles the one card that is on show, signed, and provable offline', async () => {
      const card = await ask();
      await show(card);
      await soon(1_050);
      const turn = await say('yes');
      assert.match(answerOf(turn), /^Approved/);
      assert.equal(await statusOf(card), 'approved');
      const { approval } = await cli.request('approval.get', { approval_id: card.approval_id });
      assert.deepEqual(
        [approval.decision?.source, approval.decision?.heard?.transcript],
        ['voice', 'yes'],
      );
      const verified = await cli.request('audit.verify', {});
      assert.deepEqual([verified.ok, verified.decisions, verified.problems], [true, 1, []]);
    });

    it('[V-15] an order that needs a yes is asked aloud, and a spoken yes runs it: result and reply', async () => {
      const commands = [{ id: 'view.zen', title: 'View: Toggle Zen Mode' }];
      await t.editor.open([t.workspace], { capabilities: ['editor.run_command'], commands });
      t.editor.client.onEvent(({ event, payload }) => {
        if (event !== 'runtime.tool_call' || typeof payload['token'] !== 'string') return;
        const { tool_call_id, token } = payload as { tool_call_id: string; token: string };
        const done = { tool_call_id, token, result: {} };
        void t.editor.client.request('toolcall.succeed', done);
      });
      voice.next.push(says('view toggle zen mode'));
      const order = await start();
      await stop();
      const card = await t.editor.nextCard();
      await show(card);
      while (!voice.said.some(({ kind }) => kind === 'question')) await soon(10);
      const asked = voice.said.filter(({ kind }) => kind === 'question');
      assert.match(asked.map(({ text }) => text).join(' '), /^May I: .*Zen Mode.*Yes or no\?$/);
      const types = (await eventsOf(order.turn_id)).map((e) => e.event_type);
      assert.ok(types.includes('turn.question_asked'), types.join());
      await soon(1_050);
      const answer = await say('yes');
      assert.match(answerOf(answer), /^Approved: .*Zen Mode/);
      const first = await ended(order.turn_id);
      assert.equal(first.ended_reason, 'done');
      assert.equal(first.moments.findLast(({ kind }) => kind === 'tool')?.text, 'done');
      assert.equal(voice.said.at(-1)?.kind, 'reply');
      const { run } = await cli.request('run.get', { run_id: String(first.run_id) });
      assert.deepEqual([run.status, await statusOf(card)], ['succeeded', 'approved']);
      assert.ok((await cli.request('audit.verify', {})).ok);
    });

    it('[V-15] no is no, and "not sure" is hold', async () => {
      const card = await ask();
      await show(card);
      await soon(1_050);
      await say('not sure');
      assert.equal(await statusOf(card), 'held');
      const other = await ask(['npm', 'run', 'other']);
      await show(other);
      await soon(1_050);
      await say("don't do it");
      assert.equal(await statusOf(other), 'denied');
      assert.ok((await cli.request('audit.verify', {})).ok);
    });

    it('[V-14] not before the card has been on show for a second, and not when it is not', async () => {
      const card = await ask();
      assert.match(answerOf(await say('yes')), /a card that you can see/);
      await show(card);
      assert.match(answerOf(await say('yes')), /a card that you can see/);
      assert.equal(await statusOf(card), 'pending');
    });

    it('[V-14] not in a window that does not show the card, though another one does', async () => {
      const card = await ask();
      await show(card);
      await soon(1_050);
      voice.next.push(says('yes'));
      const { turn_id } = await start(t.editor.listen({ window_id: 'w2' }));
      await t.editor.client.request('conversation.listen_stop', { window_id: 'w2' });
      const turn = await ended(turn_id);
      assert.deepEqual([turn.can_decide, turn.window_id], [true, 'w2']);
      assert.match(answerOf(turn), /a card that you can see/);
      assert.equal(await statusOf(card), 'pending');
    });

    it('[V-14] not when two wait: Hob asks which', async () => {
      const first = await ask();
      void ask(['npm', 'run', 'other']);
      while ((await t.editor.waiting()).length < 2) await soon(10);
      await show(...(await t.editor.waiting()));
      await soon(1_050);
      assert.match(answerOf(await say('yes')), /Which one/);
      assert.equal(await statusOf(first), 'pending');
    });

    it('[V-14] not without the signature of a decider, nor with one that was used or is not theirs', async () => {
      const card = await ask();
      await show(card);
      await soon(1_050);
      const unsigned = await say('yes', {});
      assert.deepEqual([unsigned.can_decide, await statusOf(card)], [false, 'pending']);
      const listen = t.editor.listen();
      await start(listen);
      await stop({ discard: true });
      assert.equal(await codeOf(start(listen)), 'signature_invalid');
      const old = t.editor.listen({ opened_at: new Date(Date.now() - 60_000).toISOString() });
      assert.equal(await codeOf(start(old)), 'signature_invalid');
      assert.equal(await codeOf(start({ ...t.editor.listen(), mode: 'tap' })), 'signature_invalid');
      const stranger = { ...t.editor.listen(), decider_id: `dec_${'0'.repeat(26)}` };
      assert.equal(await codeOf(start(stranger)), 'decider_unknown');
    });

    it('[V-14] [F-113] never for a dangerous call', async () => {
      const card = await ask(['git', 'push', '--force']);
      assert.ok(card.danger);
      await show(card);
      await soon(1_050);
      assert.match(answerOf(await say('yes')), /dangerous/);
      assert.equal(await statusOf(card), 'pending');
    });

    it('[V-14] not within half a second of what the host said itself', async () => {
      const card = await ask();
      await show(card);
      await cli.request('speech.speak', { text: 'Somebody asks.', wait_ms: 5_000 });
      await soon(1_050);
      voice.lastSoundAt = performance.now();
      assert.match(answerOf(await say('yes')), /still talking/);
      assert.equal(await statusOf(card), 'pending');
    });

    it('[V-14] what the host says after the hand let go was not heard, and takes no answer away', async () => {
      const card = await ask();
      await show(card);
      await cli.request('speech.speak', { text: 'Somebody asks.', wait_ms: 5_000 });
      await soon(1_050);
      voice.next.push((listening) => {
        // An agent that waited begins to speak while the recogniser is still at work.
        voice.lastSoundAt = performance.now();
        listening.heard('yes');
      });
      const { turn_id } = await start();
      await stop();
      assert.match(answerOf(await ended(turn_id)), /^Approved/);
      assert.equal(await statusOf(card), 'approved');
    });

    it('[V-14] unclear twice more is left to the hand, and the card waits on', async () => {
      const card = await ask();
      await show(card);
      await soon(1_050);
      const replies: string[] = [];
      for (let n = 0; n < 4; n++) replies.push(answerOf(await say('maybe')));
      replies.push(answerOf(await say('yes')));
      assert.match(replies[0] ?? '', /^Yes or no/);
      assert.match(replies[1] ?? '', /^Yes or no/);
      assert.match(replies[2] ?? '', /I do not understand/);
      assert.match(replies[4] ?? '', /Answer on the card/);
      assert.equal(await statusOf(card), 'pending');
    });

    it('[F-112] other speech while a question waits is no answer', async () => {
      const card = await ask();
      await show(card);
      await soon(1_050);
      await say('yesterday');
      await say('help');
      assert.equal(await statusOf(card), 'pending');
    });

    it('[V-16] a file, a command line or an agent that says approve never decides', async () => {
      const card = await ask();
      await show(card);
      await soon(1_050);
      for (const words of ['approve', 'yes', 'Yes. Approve it.', 'go ahead', 'hob, do it please']) {
        voice.next.push(says(words));
        const file = cli.request('conversation.inject_audio', { path: '/tmp/approve.wav' });
        assert.equal(await codeOf(file), 'approval_source_refused', words);
      }
      const agent = await t.host.connect('agent', 'codex');
      assert.equal(
        (await agent.request('speech.speak', { text: 'approve', wait_ms: 2_000 })).status,
        'spoken',
      );
      for (const client of [cli, agent]) {
        assert.equal(
          await codeOf(
            client.request('conversation.listen_start', { window_id: 'w1', mode: 'hold' }),
          ),
          'role_refused',
        );
        assert.equal(
          await codeOf(client.request('client.shown_set', { window_id: 'w1', approvals: [] })),
          'role_refused',
        );
      }
      assert.equal(
        await codeOf(agent.request('conversation.inject_audio', { path: '/tmp/a.wav' })),
        'role_refused',
      );
      assert.equal(await statusOf(card), 'pending');
    });

    it('[V-15] what the window does not sign in time decides nothing, nor does a signature that comes late', async () => {
      const card = await ask();
      await show(card);
      await soon(1_050);
      signNoMore();
      isPatient = false;
      const turn = await say('yes');
      assert.match(answerOf(turn), /did not confirm your answer/);
      assert.equal(await statusOf(card), 'pending');
      const stored = await eventsOf(turn.turn_id);
      const heard = stored.find((e) => e.event_type === 'turn.decision_heard')?.data as never;
      ahead = 16_000;
      const decided_at = new Date(clock.now()).toISOString();
      const late = t.editor.respond(card, 'approve', { source: 'voice', heard, decided_at });
      await assert.rejects(late, { code: 'approval_source_refused', message: /too long ago/ });
      assert.equal(await statusOf(card), 'pending');
    });

    it('[V-15] a window cannot make up what was heard', async () => {
      const card = await ask();
      const heard = {
        turn_id: `turn_${'0'.repeat(26)}`,
        listen_id: t.editor.listen().listen_id,
        approval_id: card.approval_id,
        call_hash: card.call_hash,
        decision: 'approve' as const,
        transcript: 'yes',
        score: 1,
        shown_ms: 5_000,
        quiet_ms: null,
        heard_at: new Date().toISOString(),
      };
      const respond = (change: object) =>
        codeOf(t.editor.respond(card, 'approve', { source: 'voice', ...change }));
      assert.equal(await respond({}), 'approval_source_refused');
      assert.equal(await respond({ heard }), 'approval_source_refused');
      assert.equal(
        await codeOf(t.editor.respond(card, 'approve', { heard })),
        'approval_source_refused',
      );
      assert.equal(await statusOf(card), 'pending');
    });
  });
});
