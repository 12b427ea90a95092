import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'mocha';
import { limits } from '#schema/envelope/limits.ts';
import { Outbox } from './outbox.ts';

/** A stream that takes `highWaterMark` bytes and nothing more until it is told to read. */
function stalledStream(): { stream: Writable; read(): Promise<void>; written: string[] } {
  const written: string[] = [];
  const held: (() => void)[] = [];
  let isReading = false;
  const stream = new Writable({
    highWaterMark: 16_384,
    decodeStrings: true,
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      if (isReading) done();
      else held.push(done);
    },
  });
  return {
    stream,
    written,
    read: async () => {
      isReading = true;
      // What was gathered in this tick goes out first.
      await new Promise((resolve) => setImmediate(resolve));
      for (const done of held.splice(0)) done();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const frame = (text: string, bytes = 1_024): Buffer => Buffer.from(text.padEnd(bytes, '.'));
/** Frames that were sent, however they were gathered. */
const names = (written: readonly string[]): string[] =>
  written
    .join('')
    .split(/[.]+/)
    .filter((name) => name !== '');

describe('Outbox', () => {
  it('[F-95] takes at most 128 events for a client that does not read, and says when it takes no more', () => {
    const outbox = new Outbox(stalledStream().stream);
    let taken = 0;
    while (outbox.event(frame(`e${taken}`, 100), taken + 1)) taken += 1;
    assert.equal(taken, Math.ceil(16_384 / 100) + limits.queuedEvents);
  });

  it('[F-95] queues at most 1 MiB of events for a client that does not read', () => {
    const { stream } = stalledStream();
    const outbox = new Outbox(stream);
    let seq = 0;
    while (outbox.event(frame('e', 60_000), ++seq));
    assert.ok(outbox.queuedEventBytes + stream.writableLength <= limits.queuedBytes);
  });

  it('[F-95] an event larger than the whole queue still goes when nothing else waits', async () => {
    const { stream, read, written } = stalledStream();
    const outbox = new Outbox(stream);
    assert.equal(outbox.event(frame('a', 20_000), 1), true);
    assert.equal(outbox.event(frame('b', 2_000_000), 2), true);
    assert.equal(outbox.event(frame('c', 10), 3), false);
    await read();
    assert.deepEqual(names(written), ['a', 'b']);
  });

  it('keeps the order of replies and events, and makes a reply only when its turn comes', async () => {
    const { stream, read, written } = stalledStream();
    const outbox = new Outbox(stream);
    outbox.event(frame('first', 20_000), 1);
    let made = 0;
    outbox.reply(() => {
      made += 1;
      return frame('reply');
    });
    outbox.event(frame('second'), 2);
    assert.equal(made, 0);
    assert.equal(outbox.lastWrittenSeq, 1);
    await read();
    assert.deepEqual(names(written), ['first', 'reply', 'second']);
    assert.deepEqual([made, outbox.lastWrittenSeq, outbox.queuedEventBytes], [1, 2, 0]);
  });

  it('[F-68] [F-69] lets a newer value replace a waiting one of the same name, and nothing else', async () => {
    const { stream, read, written } = stalledStream();
    const outbox = new Outbox(stream);
    outbox.event(frame('full', 20_000), 1);
    outbox.event(frame('level-1'), null, 'level');
    outbox.event(frame('approval'), 2);
    outbox.event(frame('level-2', 2_048), null, 'level');
    outbox.event(frame('approval-again'), 3);
    assert.equal(outbox.queuedEventBytes, 4 * 1_024);
    await read();
    assert.deepEqual(names(written), ['full', 'level-2', 'approval', 'approval-again']);
  });

  it('calls back when everything has been taken: at once when nothing waits', async () => {
    const { stream, read } = stalledStream();
    const outbox = new Outbox(stream);
    let calls = 0;
    outbox.whenEmpty(() => (calls += 1));
    assert.equal(calls, 1);
    outbox.event(frame('full', 20_000), 1);
    outbox.whenEmpty(() => (calls += 1));
    assert.equal(calls, 1);
    await read();
    assert.equal(calls, 2);
  });

  it('forgets waiting events for a last word, which keeps its place after what was given away', async () => {
    const { stream, read, written } = stalledStream();
    const outbox = new Outbox(stream);
    outbox.event(frame('given', 20_000), 1);
    outbox.event(frame('waiting'), 2);
    outbox.dropEvents();
    outbox.reply(() => frame('last word'));
    await read();
    assert.deepEqual(names(written), ['given', 'last word']);
    assert.equal(outbox.lastWrittenSeq, 1);
  });
});
