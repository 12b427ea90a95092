import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { EventEnvelope } from '../envelope/envelope.ts';
import { HostCallError, LinkError } from './errors.ts';
import type { HostClient, Subscription } from './host-client.ts';
import { HostLink, RETRY_DELAYS_MS, type HostLinkOptions, type LinkState } from './host-link.ts';

/** A host that does what the test says, without any wire. */
class FakeHost {
  readonly subscriptions: Subscription[] = [];
  /** What the next connections meet; when it is empty they work. */
  readonly failures: Error[] = [];
  head = 0;
  opened = 0;
  #emit: (event: EventEnvelope) => void = () => {};
  #end: (reason: Error | null) => void = () => {};

  open = async (): Promise<HostClient> => {
    this.opened += 1;
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    const closed = new Promise<Error | null>((resolve) => (this.#end = resolve));
    return {
      sessionId: 's',
      instanceId: 'i',
      lastSeq: 0,
      closed,
      request: () => Promise.reject(new Error('not asked here')),
      onEvent: (listener) => {
        this.#emit = listener;
        return () => {};
      },
      subscribe: async (subscription = {}) => {
        this.subscriptions.push(subscription);
        return { head_seq: this.head };
      },
      close: async () => this.#end(null),
    };
  };

  append(): void {
    this.head += 1;
    this.#emit({
      v: 1,
      event_id: '00000000-0000-0000-0000-000000000000',
      event: 'event.appended',
      payload: {},
      seq: this.head,
    });
  }

  breakOff(reason: Error = new LinkError('link_closed')): Promise<void> {
    this.#end(reason);
    return settle();
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function linkTo(host: FakeHost, options: Partial<HostLinkOptions> = {}) {
  const states: LinkState[] = [];
  const delays: number[] = [];
  let fire: () => void = () => {};
  const link = new HostLink({
    open: host.open,
    onState: (state) => states.push(state),
    timer: (ms, run) => {
      delays.push(ms);
      fire = run;
      return () => (fire = () => {});
    },
    ...options,
  });
  const passDelay = (): Promise<void> => {
    const run = fire;
    fire = () => {};
    run();
    return settle();
  };
  return { link, states, delays, passDelay };
}

const unreachable = (): LinkError => new LinkError('host_unreachable');

describe('HostLink', () => {
  it('[F-99] tries five times with growing delays, then says so and waits to be asked', async () => {
    const host = new FakeHost();
    host.failures.push(...Array.from({ length: 5 }, unreachable));
    const { link, states, delays, passDelay } = linkTo(host);
    link.start();
    await settle();
    for (let attempt = 1; attempt < 5; attempt++) await passDelay();
    assert.equal(link.state.state, 'fatal');
    assert.deepEqual([host.opened, delays], [5, RETRY_DELAYS_MS]);
    assert.equal(delays[0], 1_000);
    assert.equal(delays.at(-1), 30_000);
    link.retry();
    await settle();
    assert.equal(link.state.state, 'connected');
    assert.deepEqual(
      states.map(({ state }) => state).filter((state) => state === 'fatal').length,
      1,
    );
  });

  it('[A-07] resumes after the last event that came, and after the head when none came', async () => {
    const host = new FakeHost();
    host.head = 7;
    const { link, passDelay } = linkTo(host, { subscription: { events: ['event.appended'] } });
    link.start();
    await settle();
    await host.breakOff();
    await passDelay();
    host.append();
    host.append();
    await host.breakOff();
    await passDelay();
    assert.deepEqual(
      host.subscriptions.map(({ from_seq: from }) => from),
      [undefined, 7, 9],
    );
    await link.dispose();
  });

  it('[A-07] a subscription from the start goes on where it was', async () => {
    const host = new FakeHost();
    const seen: number[] = [];
    const { link, passDelay } = linkTo(host, {
      subscription: { from_seq: 0 },
      onEvent: ({ seq }) => seen.push(seq ?? 0),
    });
    link.start();
    await settle();
    host.append();
    await host.breakOff(
      new HostCallError({ code: 'slow_consumer', message: 'x', retryable: true }),
    );
    await passDelay();
    assert.deepEqual(
      host.subscriptions.map(({ from_seq: from }) => from),
      [0, 1],
    );
    assert.deepEqual(seen, [1]);
    await link.dispose();
  });

  it('[F-99] does not try again by itself what trying again cannot help', async () => {
    for (const failure of [
      new LinkError('host_too_new'),
      new LinkError('unsafe_files'),
      new HostCallError({ code: 'token_revoked', message: 'x', retryable: false }),
    ]) {
      const host = new FakeHost();
      host.failures.push(failure);
      const { link, delays } = linkTo(host);
      link.start();
      await settle();
      assert.deepEqual([link.state.state, delays], ['fatal', []]);
    }
  });

  it('[F-99] a host that dies as soon as it is reached counts as not reached', async () => {
    const host = new FakeHost();
    const { link, delays, passDelay } = linkTo(host);
    link.start();
    await settle();
    for (let time = 0; time < 5; time++) {
      await host.breakOff();
      await passDelay();
    }
    assert.equal(link.state.state, 'fatal');
    assert.deepEqual(delays, [100, ...RETRY_DELAYS_MS.slice(1)]);
  });

  it('prepares each connection before its subscription, and a failing preparation is a failed attempt', async () => {
    const host = new FakeHost();
    const order: string[] = [];
    const { link, passDelay } = linkTo(host, {
      subscription: {},
      prepare: async () => {
        order.push(`prepare ${host.subscriptions.length}`);
        if (order.length === 1) throw new Error('not now');
      },
    });
    link.start();
    await settle();
    assert.equal(link.state.state, 'waiting');
    await passDelay();
    assert.equal(link.state.state, 'connected');
    assert.deepEqual([order, host.subscriptions.length], [['prepare 0', 'prepare 0'], 1]);
    await link.dispose();
  });

  it('refuses requests while there is no connection, and stays closed once disposed', async () => {
    const host = new FakeHost();
    host.failures.push(unreachable());
    const { link, passDelay } = linkTo(host);
    await assert.rejects(
      link.request('host.ping', {}),
      (thrown) => thrown instanceof LinkError && thrown.code === 'link_closed',
    );
    link.start();
    await settle();
    await link.dispose();
    await passDelay();
    link.retry();
    link.start();
    await settle();
    assert.deepEqual([link.state.state, host.opened], ['closed', 1]);
  });
});
