import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import { eventSchema } from '#schema/envelope/envelope.ts';
import { storedEventSchema } from '#schema/events/stored-event.ts';
import type { HostClient, Subscription } from '#schema/client/host-client.ts';
import { welcomed, type Frame } from './raw-client.ts';
import { shells, type Shell } from './shells.ts';

/** The events that a subscription brings, and a way to wait for some of them. */
class Received {
  readonly events: EventEnvelope[] = [];
  #wake: () => void = () => {};

  constructor(client: HostClient) {
    client.onEvent((event) => {
      this.events.push(event);
      this.#wake();
    });
  }

  seqs(name: string): number[] {
    return this.events.filter(({ event }) => event === name).map(({ seq }) => seq ?? 0);
  }

  async until(done: (events: readonly EventEnvelope[]) => boolean): Promise<void> {
    while (!done(this.events)) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** Everything up to `seq` has come. */
  reaches(seq: number): Promise<void> {
    return this.until((events) => events.some((event) => (event.seq ?? 0) >= seq));
  }
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

for (const kind of shells) {
  describe(`events of ${kind.name}`, () => {
    let shell: Shell;
    let cli: HostClient;
    before(async () => {
      shell = await kind.start();
      cli = await shell.connect('cli');
    });
    after(() => shell.stop());

    let colour = 0;
    const paint = (): Promise<object> =>
      cli.request('orb.palette.set', {
        palette: { idle: `#${(colour++).toString(16).padStart(6, '0')}` },
      });
    const head = async (): Promise<number> =>
      (await cli.request('event.query', { limit: 1 })).head_seq;
    const subscribed = async (
      subscription: Subscription,
    ): Promise<{ client: HostClient; received: Received; head: number }> => {
      const client = await shell.connect('panel');
      const received = new Received(client);
      const { head_seq: at } = await client.subscribe(subscription);
      return { client, received, head: at };
    };

    it('[A-07] [F-30] replays after from_seq and goes on live, without a gap and without a repetition, while others write', async () => {
      await Promise.all(range(1, 150).map(paint));
      let isWriting = true;
      const writing = (async () => {
        while (isWriting) await paint();
      })();
      const { client, received } = await subscribed({ from_seq: 3 });
      await received.reaches(await head());
      isWriting = false;
      await writing;
      const last = await head();
      await received.reaches(last);
      assert.deepEqual(received.seqs('event.appended'), range(4, last));
      await client.close();
    });

    it('[A-07] without from_seq brings only what happens from then on', async () => {
      const { client, received, head: at } = await subscribed({ events: ['event.appended'] });
      await paint();
      await received.reaches(at + 1);
      assert.deepEqual(received.seqs('event.appended'), [at + 1]);
      await client.close();
    });

    it('[F-30] [F-59] a stored event and its runtime form have one seq; a filter keeps what was asked for', async () => {
      const both = await subscribed({});
      const one = await subscribed({ events: ['orb.palette'] });
      await paint();
      const seq = both.head + 1;
      await both.received.until((events) => events.length === 2);
      await one.received.reaches(seq);
      assert.deepEqual(
        both.received.events.map((event) => [event.event, event.seq]),
        [
          ['event.appended', seq],
          ['orb.palette', seq],
        ],
      );
      assert.deepEqual(
        one.received.events.map((event) => [event.event, event.seq]),
        [['orb.palette', seq]],
      );
      for (const event of both.received.events)
        assert.equal(eventSchema.safeParse(event).success, true);
      assert.equal(storedEventSchema.safeParse(both.received.events[0]?.payload).success, true);
      await Promise.all([both.client.close(), one.client.close()]);
    });

    it('[A-07] subscribing again replaces the filter', async () => {
      const { client, received } = await subscribed({ events: ['event.appended'] });
      const { head_seq: at } = await client.subscribe({ events: ['orb.palette'] });
      await paint();
      await received.reaches(at + 1);
      await cli.request('host.ping', {});
      assert.deepEqual(
        received.events.map(({ event }) => event),
        ['orb.palette'],
      );
      await client.close();
    });

    it('[A-07] a from_seq beyond the newest event waits for what comes', async () => {
      const {
        client,
        received,
        head: at,
      } = await subscribed({ from_seq: 1_000_000, events: ['event.appended'] });
      await paint();
      await received.reaches(at + 1);
      assert.deepEqual(received.seqs('event.appended'), [at + 1]);
      await client.close();
    });

    it('[F-92] an agent receives and reads only what is its own', async () => {
      const agent = await shell.connect('agent');
      const received = new Received(agent);
      await agent.subscribe({ from_seq: 0 });
      await paint();
      const call = {
        action: 'command.run',
        tool: 'shell',
        argv: ['/bin/true', 'mine'],
        cwd: '/',
        arguments: {},
      } as const;
      const { run_id: run } = await agent.request('approval.request', {
        call: { ...call, argv: [...call.argv] },
        wait_ms: 0,
      });
      await received.until((events) => events.some(({ payload }) => payload['run_id'] === run));
      const types = new Set(
        received.events
          .filter(({ event }) => event === 'event.appended')
          .map(({ payload }) => payload['event_type']),
      );
      assert.equal(types.has('orb.palette_set'), false);
      assert.equal(types.has('host.started'), false);
      const { events } = await agent.request('event.query', {
        event_type: ['orb.palette_set', 'host.started'],
      });
      assert.deepEqual(events, []);
      await assert.rejects(agent.request('event.get', { seq: 1 }));
      await agent.close();
    });

    it('[F-95] a client that does not read is told where to resume and closed; resuming there loses nothing', async function () {
      const stalled = await welcomed(shell, 'panel');
      const start = await head();
      await stalled.ask('stream.subscribe', { events: ['event.appended'] });
      stalled.stream.pause();
      const text = 'nothing that anybody understands '.repeat(120);
      const clients = async (): Promise<number> =>
        (await cli.request('runtime.status', {})).clients;
      // Writing goes on until the host has had enough of it; what it said last is then read at once.
      const before = await clients();
      for (let round = 0; (await clients()) === before; round++) {
        assert.ok(round < 400, 'the host puts up with it');
        await Promise.all(
          range(1, 20).map(() =>
            round < 30
              ? cli.request('conversation.inject_text', { text, wait_ms: 0 })
              : new Promise((resolve) => setTimeout(resolve, 10)),
          ),
        );
      }
      stalled.stream.resume();
      const seen: number[] = [];
      let error: Frame | null = null;
      for (let frame = await stalled.next(); frame !== null; frame = await stalled.next()) {
        if (frame['event'] === 'event.appended') seen.push(Number(frame['seq']));
        else error = frame['error'] as Frame;
      }
      assert.equal(error?.['code'], 'slow_consumer');
      const resumeFrom = Number((error?.['details'] as Frame)['resume_from']);
      assert.deepEqual(seen, range(start + 1, resumeFrom));
      const last = await head();
      assert.ok(resumeFrom < last, 'it stalled before the end');
      const { client, received } = await subscribed({
        from_seq: resumeFrom,
        events: ['event.appended'],
      });
      await received.reaches(last);
      assert.deepEqual(received.seqs('event.appended'), range(resumeFrom + 1, last));
      await client.close();
    });
  });
}
