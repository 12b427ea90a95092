// A whole host with its real ears and mouth in a room without headphones: the microphone hears what the
// speaker plays. What Hob or any program says aloud is heard, and never decides.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { HostClient } from '#schema/client/host-client.ts';
import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import type { TurnView } from '#schema/views/turn.ts';
import { childrenRunning } from '../fakes/child-processes.ts';
import { padded, peakOf, recorded, rendered } from '../fakes/speech-samples.ts';
import { TEST_WORKSPACE } from '../fakes/test-editor.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';
import { until } from '../fakes/test-servers.ts';
import { startVirtualCard, type VirtualCard } from '../fakes/virtual-card.ts';

const inWorkspace = { workspaceId: TEST_WORKSPACE };
const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('voice in a room', function () {
  let card: VirtualCard;
  let t: TestHost;
  let cli: HostClient;
  const live: EventEnvelope[] = [];
  const outside: Record<string, string | undefined> = {};

  before(async () => {
    card = await startVirtualCard({ room: true });
    for (const [name, value] of Object.entries(card.env)) {
      outside[name] = process.env[name];
      process.env[name] = value;
    }
    t = await startTestHost();
    cli = await t.host.connect('cli');
    t.editor.client.onEvent((event) => live.push(event));
    t.editor.signsWhatIsHeard();
  });
  after(async () => {
    await t?.[Symbol.asyncDispose]();
    await card?.stop();
    for (const [name, value] of Object.entries(outside)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  const untilOpen = async (turn_id: string): Promise<void> => {
    const isOpen = (): boolean =>
      live.some(
        ({ event, payload }) =>
          event === 'runtime.mic_status' &&
          payload['turn_id'] === turn_id &&
          payload['state'] === 'open',
      );
    while (!isOpen()) await soon(20);
  };
  const lastOf = async (window_id: string): Promise<TurnView> => {
    const { turns } = await cli.request('conversation.turn_list', { limit: 50 });
    const turn = turns.find((one) => one.window_id === window_id);
    assert.ok(turn !== undefined);
    return turn;
  };

  /** A person holds, and lets go when `during` is over. */
  const held = async (during: () => Promise<unknown>): Promise<TurnView> => {
    const { turn_id } = await t.editor.client.request(
      'conversation.listen_start',
      t.editor.listen(),
      inWorkspace,
    );
    await untilOpen(turn_id);
    await during();
    // The room's echo is later than the sound.
    await soon(400);
    await t.editor.client.request('conversation.listen_stop', { window_id: 'w1', turn_id });
    return (await cli.request('conversation.turn_get', { turn_id, wait_ms: 45_000 })).turn;
  };
  const replyOf = (turn: TurnView): string =>
    turn.moments.findLast(({ kind }) => kind === 'answer')?.text ?? '';
  const statusOf = async ({ approval_id }: ApprovalView): Promise<string> =>
    (await cli.request('approval.get', { approval_id })).approval.status;
  /** An agent waits for an answer, and its card is on show for long enough. */
  const waitingCard = async (): Promise<ApprovalView> => {
    const agent = await t.host.connect('agent', 'codex');
    const argv = ['npm', 'run', `lint-${Math.random()}`];
    const call = {
      action: 'command.run' as const,
      tool: 'Bash',
      argv,
      command_line: argv.join(' '),
      arguments: {},
      cwd: t.workspace,
    };
    void agent.request('approval.request', { call, wait_ms: 60_000 }, inWorkspace).catch(() => {});
    const asked = await t.editor.nextCard();
    await t.editor.client.request('client.shown_set', {
      window_id: 'w1',
      approvals: [asked.approval_id],
    });
    await soon(1_050);
    return asked;
  };
  const isSpeakerLoud = ({ event, payload }: EventEnvelope): boolean =>
    event === 'runtime.audio_level' &&
    payload['of'] === 'speaker' &&
    Number(payload['level']) > 0.02;
  const settle = (asked: ApprovalView): Promise<unknown> => t.editor.respond(asked, 'deny');

  it('[V-75] an order is heard through the microphone, and the reply sounds on the speaker', async () => {
    const recording = card.record();
    const turn = await held(() => card.speak(padded(recorded('git-status'))));
    const heard = await recording();
    assert.equal(turn.heard?.text, 'show me the git status');
    assert.ok(replyOf(turn).length > 0);
    assert.ok((turn.level?.points.length ?? 0) > 10, 'the level is kept');
    const levels = (): unknown[] =>
      live.flatMap(({ event, payload }) =>
        event === 'runtime.audio_level' && payload['of'] === 'speaker' ? [payload['level']] : [],
      );
    // The last 50 ms of a reply are told after the recording of them.
    await until(async () => levels().at(-1) === 0);
    const spoken = levels();
    assert.ok(
      spoken.some((level) => Number(level) > 0.02),
      spoken.join(),
    );
    assert.ok(peakOf(heard) > 0.05, `peak ${peakOf(heard)}`);
  });

  it('[V-75] pressed while Hob speaks, it is silent, and the rest of its own words decides nothing', async () => {
    const asked = await waitingCard();
    try {
      live.length = 0;
      const said = cli.request('speech.speak', { text: 'approve. approve.', wait_ms: 20_000 });
      await until(async () => live.some(isSpeakerLoud));
      const turn = await held(() => soon(1_500));
      assert.equal((await said).status, 'stopped');
      // What is left of a word in the room is nothing, in doubt, or an answer that came too soon.
      assert.match(replyOf(turn), /^$|I was still talking|^I heard .* and did nothing/);
      assert.equal(await statusOf(asked), 'pending');
    } finally {
      await settle(asked);
    }
  });

  it('[V-45] what Hob is to say while somebody holds is said afterwards', async () => {
    live.length = 0;
    const silent = card.record();
    let said: Promise<{ status: string }> | undefined;
    await held(async () => {
      said = cli.request('speech.speak', { text: 'The tests are done.', wait_ms: 45_000 });
      await soon(1_500);
      assert.ok(peakOf(await silent()) < 0.01);
    });
    assert.equal((await said)?.status, 'spoken');
    assert.ok(live.some(isSpeakerLoud));
  });

  it('[V-16] an agent that says approve aloud waits while a person talks, and decides nothing afterwards', async () => {
    const asked = await waitingCard();
    const agent = await t.host.connect('agent', 'codex');
    let said: Promise<{ status: string }> | undefined;
    const turn = await held(async () => {
      said = agent.request('speech.speak', { text: 'approve', wait_ms: 45_000 });
      await soon(1_500);
    });
    assert.doesNotMatch(turn.heard?.text ?? '', /^approve/);
    assert.equal((await said)?.status, 'spoken');
    assert.equal(await statusOf(asked), 'pending');
    await settle(asked);
  });

  it('[V-16] approve out of the speaker, while nobody holds, is heard by nobody', async () => {
    const asked = await waitingCard();
    const { turns: before } = await cli.request('conversation.turn_list', { limit: 50 });
    await card.play(padded(await rendered('approve')));
    await soon(1_000);
    const { turns } = await cli.request('conversation.turn_list', { limit: 50 });
    assert.deepEqual(
      turns.map(({ turn_id }) => turn_id),
      before.map(({ turn_id }) => turn_id),
    );
    assert.equal(await statusOf(asked), 'pending');
    await settle(asked);
  });

  it('[V-75] a person who says yes at the same card is heard and decides', async () => {
    const asked = await waitingCard();
    await soon(600);
    const turn = await held(async () => card.speak(padded(await rendered('approve'))));
    assert.match(turn.heard?.text ?? '', /^(yes )?approved?$/);
    assert.match(replyOf(turn), /^Approved/);
    assert.equal(await statusOf(asked), 'approved');
  });

  it('[V-11] two windows talk at once: one microphone, and whoever takes it over is heard', async () => {
    const begin = (more: object): Promise<{ turn_id: string }> =>
      t.editor.client.request(
        'conversation.listen_start',
        { window_id: 'w1', mode: 'hold', ...more },
        inWorkspace,
      );
    const [first, second] = await Promise.allSettled([
      begin({ window_id: 'w1' }),
      begin({ window_id: 'w2' }),
    ]);
    assert.deepEqual(
      [first, second].map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
    assert.equal((second as PromiseRejectedResult).reason.code, 'microphone_in_use');
    const { turn_id } = await begin({ window_id: 'w2', take_over: true });
    await untilOpen(turn_id);
    await card.speak(padded(recorded('git-status')));
    await soon(400);
    await t.editor.client.request('conversation.listen_stop', { window_id: 'w2', turn_id });
    const { turn } = await cli.request('conversation.turn_get', { turn_id, wait_ms: 45_000 });
    assert.equal(turn.heard?.text, 'show me the git status');
    assert.equal((await lastOf('w1')).ended_reason, 'taken_over');
  });

  it('[V-12] 100 turns begun and aborted within a second leave the microphone free and fit', async () => {
    const { client } = t.editor;
    const all = Array.from({ length: 100 }, () => [
      client.request('conversation.listen_start', t.editor.listen(), inWorkspace),
      client.request('conversation.listen_stop', { window_id: 'w1', discard: true }),
    ]).flat();
    await Promise.all(all);
    const turn = await held(() => card.speak(padded(recorded('git-status'))));
    assert.equal(turn.heard?.text, 'show me the git status');
    const { turns } = await cli.request('conversation.turn_list', { limit: 50 });
    assert.deepEqual(
      turns.filter(({ state }) => state !== 'ended'),
      [],
    );
    const deadline = performance.now() + 10_000;
    while (card.listeners() > 0) {
      assert.ok(performance.now() < deadline, 'somebody still records');
      await soon(50);
    }
  });

  it('[V-61] the microphone tells its level while it is chosen, and only then', async () => {
    const watch = (on: boolean): Promise<unknown> =>
      t.editor.client.request('audio.level_watch', { window_id: 'w1', on });
    const { turns: before } = await cli.request('conversation.turn_list', { limit: 50 });
    await watch(true);
    await until(async () => card.listeners() === 1);
    live.length = 0;
    await card.speak(padded(recorded('git-status')));
    const isLoud = ({ event, payload }: EventEnvelope): boolean =>
      event === 'runtime.audio_level' &&
      payload['of'] === 'microphone' &&
      Number(payload['level']) > 0.02;
    await until(async () => live.some(isLoud));
    await watch(false);
    await until(async () => card.listeners() === 0);
    const { turns } = await cli.request('conversation.turn_list', { limit: 50 });
    assert.equal(turns.length, before.length);
  });

  it('[V-61] switched off in the system, the microphone says so while the key is held', async () => {
    const status = (): Record<string, unknown> | undefined =>
      live.findLast(({ event }) => event === 'runtime.mic_status')?.payload;
    card.mute(true);
    const turn = await held(async () => {
      while (status()?.['code'] !== 'microphone_muted') await soon(20);
      assert.equal(status()?.['state'], 'open');
    });
    card.mute(false);
    assert.equal(turn.ended_reason, 'nothing_heard');
    assert.equal(status()?.['code'], null);
  });

  it('[V-63] speech detection that dies in a turn is replaced in it, and the list of devices says so', async () => {
    const detection = async (): Promise<{ engine: string; problem: string | null } | undefined> =>
      (await cli.request('audio.device_list', {})).engines.find(
        ({ part }) => part === 'speech detection',
      );
    assert.deepEqual((await detection())?.engine, 'silero');
    const turn = await held(async () => {
      const detecting = childrenRunning('vad.worker');
      assert.ok(detecting.length > 0);
      for (const pid of detecting) process.kill(pid, 'SIGKILL');
      await card.speak(padded(recorded('git-status')));
    });
    assert.equal(turn.heard?.text, 'show me the git status');
    const { engine, problem } = (await detection()) ?? {};
    assert.equal(engine, 'fvad');
    assert.match(problem ?? '', /Silero does not work here: it ended/);
  });

  it('[V-21] a name that nobody can say is not listened for, and named beside what listens', async () => {
    await t.editor.open([t.workspace], { tasks: [{ name: 'сборка', group: 'none' }] });
    await held(() => soon(100));
    const { engines } = await cli.request('audio.device_list', {});
    const vocabulary = engines.find(({ part }) => part === 'vocabulary');
    assert.match(vocabulary?.problem ?? '', /cannot be said in English.*сборка.*Type/);
  });

  it('[V-12] [V-61] pulled out in the middle of a turn, the microphone says so and the host goes on', async () => {
    const turn = await held(async () => {
      card.unplug();
      await soon(500);
    });
    assert.match(turn.ended_reason ?? '', /^microphone_(lost|failed)$/);
    const error = live.findLast(({ event }) => event === 'runtime.mic_status')?.payload;
    assert.equal(error?.['state'], 'error');
    assert.ok(String(error?.['message']).length > 20);
    const typed = await cli.request('conversation.inject_text', { text: 'status' });
    assert.match(typed.reply, /^Hob is running/);
  });
});
