import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  decodeFrame,
  encodeFrame,
  FrameDecoder,
  FrameReader,
  FrameTooLargeError,
  FrameWriter,
  holdsHalfCharacters,
} from './framing.ts';
import { nestsDeeperThan } from './json-depth.ts';

/** Feeds `bytes` cut at the given sizes, over and over, and returns the texts of the frames. */
function feed(decoder: FrameDecoder, bytes: Buffer, sizes: readonly number[]): string[] {
  const frames: string[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    decoder.push(bytes.subarray(at, at + size), (frame) => frames.push(frame.toString('utf8')));
    at += size;
  }
  return frames;
}

describe('framing', () => {
  it('[R-37] [R-04] [G-02] writes a 4-byte big-endian length and UTF-8', () => {
    assert.deepEqual(encodeFrame('{"é":1}'), Buffer.from([0, 0, 0, 8, ...Buffer.from('{"é":1}')]));
  });

  it('[R-37] gives back what was written, however the stream is cut', () => {
    const texts = fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 8 });
    const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(texts, sizes, (written, cuts) => {
        const decoder = new FrameDecoder(1 << 20);
        const wellFormed = written.map((text) => text.toWellFormed());
        const bytes = Buffer.concat(wellFormed.map(encodeFrame));
        assert.deepEqual(feed(decoder, bytes, cuts), wellFormed);
        assert.equal(decoder.held, 0);
      }),
    );
  });

  it('[R-37] refuses a frame over the limit as soon as its header is there, and holds nothing for it', () => {
    const decoder = new FrameDecoder(10);
    assert.throws(
      () => decoder.push(Buffer.from([0, 0, 0, 11]), () => {}),
      (thrown) => thrown instanceof FrameTooLargeError && thrown.bytes === 11,
    );
    assert.deepEqual(feed(new FrameDecoder(10), encodeFrame('0123456789'), [3]), ['0123456789']);
  });

  it('keeps the bytes of half a frame and says so', () => {
    const decoder = new FrameDecoder(100);
    decoder.push(encodeFrame('{"a":1}').subarray(0, 6), () => assert.fail('no frame is complete'));
    assert.equal(decoder.held, 6);
  });
});

describe('FrameReader', () => {
  /** About two dozen of these make a piece. */
  const long = (at: number): string => JSON.stringify({ at, text: 'x'.repeat(1_400) });
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('[F-94] lets what a piece leads to happen before it looks at the next one, and loses nothing', async () => {
    const happened: string[] = [];
    const reader = new FrameReader(
      1 << 20,
      (frame) => {
        const { at } = JSON.parse(frame.toString()) as { at: number };
        happened.push(`frame ${at}`);
        void Promise.resolve()
          .then(() => {})
          .then(() => happened.push(`answer ${at}`));
      },
      () => assert.fail('none is too large'),
    );
    const bytes = Buffer.concat(Array.from({ length: 40 }, (_, at) => encodeFrame(long(at))));
    reader.read(bytes.subarray(0, 50_000));
    reader.read(bytes.subarray(50_000));
    await settled();
    assert.deepEqual(
      happened.filter((word) => word.startsWith('frame')),
      Array.from({ length: 40 }, (_, at) => `frame ${at}`),
    );
    assert.ok(happened.indexOf('answer 0') < happened.indexOf('frame 24'), happened.join());
    assert.equal(happened.length, 80);
  });

  it('hands everything over at once when the stream has ended, and says what was cut', async () => {
    const frames: string[] = [];
    const reader = new FrameReader(
      1 << 20,
      (frame) => frames.push(frame.toString()),
      () => assert.fail('none is too large'),
    );
    const texts = Array.from({ length: 40 }, (_, at) => long(at));
    reader.read(Buffer.concat([...texts.map(encodeFrame), Buffer.from([0, 0, 0, 9, 1])]));
    reader.finish();
    assert.deepEqual([frames, reader.held], [texts, 5]);
    await settled();
    assert.equal(frames.length, 40);
  });

  it('[R-37] says once that a frame is too large, and looks at nothing after it', async () => {
    const seen: (string | number)[] = [];
    const reader = new FrameReader(
      10,
      (frame) => seen.push(frame.toString()),
      ({ bytes }) => seen.push(bytes),
    );
    reader.read(Buffer.concat([encodeFrame('{}'), Buffer.from([0, 0, 0, 11]), encodeFrame('[]')]));
    await settled();
    reader.finish();
    assert.deepEqual(seen, ['{}', 11]);
  });
});

describe('decodeFrame', () => {
  const decode = (content: string | Buffer): unknown => {
    const { text: _same, ...decoded } = {
      text: '',
      ...decodeFrame(Buffer.from(content as string)),
    };
    return decoded;
  };

  it('[R-34] refuses invalid UTF-8 instead of replacing it', () => {
    const broken = [
      [0xff],
      [0x22, 0xc3, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0x22, 0xc0, 0xaf, 0x22],
      [0xf5],
    ];
    for (const bytes of broken)
      assert.deepEqual(decode(Buffer.from(bytes)), { ok: false, code: 'bad_frame' });
    assert.deepEqual(decode('"é\u{1f600}"'), { ok: true, value: 'é\u{1f600}' });
  });

  it('[R-34] refuses what is not JSON', () => {
    for (const text of ['', '{', 'nope', '{"a":1,}', '1 2', '\uFEFF{}', 'NaN', "{'a':1}"]) {
      assert.deepEqual(decode(text), { ok: false, code: 'bad_frame' }, text);
    }
  });

  it('[R-34] takes 64 levels and refuses 65, of arrays and objects, also in 16 MiB of them', () => {
    const arrays = (n: number): string => '['.repeat(n) + ']'.repeat(n);
    const objects = (n: number): string => '{"a":'.repeat(n) + '1' + '}'.repeat(n);
    assert.equal((decode(arrays(64)) as { ok: boolean }).ok, true);
    assert.equal((decode(objects(64)) as { ok: boolean }).ok, true);
    for (const text of [arrays(65), objects(65), '['.repeat(16 * 1024 * 1024)]) {
      assert.deepEqual(decode(text), { ok: false, code: 'json_too_deep' });
    }
  });

  it('counts no brackets inside strings, whatever escapes they have', () => {
    const json = fc.json({ stringUnit: 'binary' });
    fc.assert(
      fc.property(json, (text) => {
        const depth = depthOf(JSON.parse(text));
        assert.equal(nestsDeeperThan(text, depth), false);
        if (depth > 0) assert.equal(nestsDeeperThan(text, depth - 1), true);
      }),
    );
    assert.equal(nestsDeeperThan('["\\\\", "[[[\\"[[", "\\\\\\"[["]', 1), false);
  });
});

describe('holdsHalfCharacters', () => {
  const holds = (json: string): boolean => {
    const decoded = decodeFrame(Buffer.from(json));
    assert.ok(decoded.ok);
    return holdsHalfCharacters(decoded);
  };

  it('[R-34] finds half a surrogate pair in a string or a name at any depth, and only that', () => {
    for (const json of [
      '"\\ud800"',
      '"a\\uDFFFb"',
      '{"a":[{"b":"\\udc00\\ud800"}]}',
      '{"\\ud83d":1}',
    ])
      assert.equal(holds(json), true, json);
    for (const json of [
      '"\\ud83d\\ude00"',
      '"\\\\ud800"',
      '"\\u00e9"',
      '{"a":["\u{1f600}",null,1]}',
    ])
      assert.equal(holds(json), false, json);
  });
});

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('FrameWriter', () => {
  const collecting = (): { stream: Writable; chunks: string[] } => {
    const chunks: string[] = [];
    const stream = new Writable({
      highWaterMark: 100,
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk.toString());
        done();
      },
    });
    return { stream, chunks };
  };

  it('[F-94] writes the frames of one tick as one, in order', async () => {
    const { stream, chunks } = collecting();
    const writer = new FrameWriter(stream);
    for (const text of ['a', 'b', 'c']) writer.write(Buffer.from(text));
    assert.deepEqual([chunks, writer.held], [[], 3]);
    await new Promise((resolve) => setImmediate(resolve));
    writer.write(Buffer.from('d'));
    writer.flush();
    assert.deepEqual([chunks, writer.held], [['abc', 'd'], 0]);
  });

  it('[F-94] makes frames of texts where they stand among others, in as many bytes as they have', async () => {
    const chunks: Buffer[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    });
    const texts = ['{"a":1}', '{"é":"漢🙂"}', '[]'];
    const writer = new FrameWriter(stream);
    for (const [at, text] of texts.entries()) writer.write(at === 2 ? encodeFrame(text) : text);
    assert.equal(
      writer.held,
      texts.reduce((sum, text) => sum + encodeFrame(text).length, 0),
    );
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(chunks, [Buffer.concat(texts.map(encodeFrame))]);
  });

  it('[F-95] says when more is held than the stream wants, and calls back when that was taken: at once or later', async () => {
    for (const takesAtOnce of [true, false]) {
      const stream = new Writable({
        highWaterMark: 100,
        write: (_chunk, _encoding, done) => (takesAtOnce ? done() : void setImmediate(done)),
      });
      let calls = 0;
      const drained = Promise.withResolvers<void>();
      const writer = new FrameWriter(stream, () => {
        calls += 1;
        drained.resolve();
      });
      assert.equal(writer.write(Buffer.alloc(60)), true);
      assert.equal(writer.write(Buffer.alloc(60)), false);
      await drained.promise;
      assert.deepEqual([calls, writer.held], [1, 0]);
      assert.equal(writer.write(Buffer.alloc(60)), true);
    }
  });

  it('bears a stream that was destroyed in the meantime', async () => {
    const { stream, chunks } = collecting();
    const writer = new FrameWriter(stream);
    writer.write(Buffer.from('late'));
    stream.destroy();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(chunks, []);
  });
});
