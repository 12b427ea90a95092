// The model of the second look, as the build makes it, against the published one and on recorded speech.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'mocha';
import { FRAME_SAMPLES } from '#host/voice/ports.ts';
import { createRecogniser } from '#host/voice/recognition/recogniser.ts';
import { modelFolder } from '#host/voice/recognition/rescoring/model-folder.ts';
import { loadSpeechModel } from '#host/voice/recognition/rescoring/moonshine.ts';
import type { Hearing, SpeechModel } from '#host/voice/recognition/rescoring/speech-model.ts';
import { hearingModel } from '../../scripts/lib/speech-graphs.mjs';
import { root } from '../../scripts/lib/steps.ts';
import { inRoom } from '../bench/lib/speech/noise.ts';
import { seededRandom } from '../bench/lib/speech/random.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const published = path.join(
  root,
  'node_modules/@moonshine-ai/moonshine-js/dist/model/tiny/quantized',
);
const folder = modelFolder() ?? '';

function speech(name: string): Float32Array {
  const bytes = readFileSync(path.join(root, 'test/fixtures/speech', `${name}.wav`)).subarray(44);
  return Float32Array.from(
    { length: bytes.length / 2 },
    (_, at) => bytes.readInt16LE(at * 2) / 32_768,
  );
}

const copies: string[] = [];
after(() => copies.forEach((copy) => rmSync(copy, { recursive: true, force: true })));

/** Another model folder, with one bit of a file turned. */
function damagedCopy(): string {
  const copy = temporaryFolder('speech-model');
  copies.push(copy);
  cpSync(folder, copy, { recursive: true });
  const file = path.join(copy, 'hearing.onnx');
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(1_000_000) ^ 1, 1_000_000);
  writeFileSync(file, bytes);
  return copy;
}

/** The same model without what it learned since it was published. */
function untaught(): Promise<SpeechModel> {
  const copy = temporaryFolder('speech-model');
  copies.push(copy);
  cpSync(folder, copy, { recursive: true });
  const [encoder, decoder] = ['encoder_model.onnx', 'decoder_model_merged.onnx'].map((name) =>
    readFileSync(path.join(published, name)),
  );
  assert.ok(encoder !== undefined && decoder !== undefined);
  const bytes = hearingModel(encoder, decoder);
  writeFileSync(path.join(copy, 'hearing.onnx'), bytes);
  const file = path.join(copy, 'contents.json');
  const contents = JSON.parse(readFileSync(file, 'utf8')) as { sha256: Record<string, string> };
  contents.sha256['hearing.onnx'] = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(file, JSON.stringify(contents));
  return loadSpeechModel(copy);
}

/** Logarithm of the sum of the likelihoods in a row. */
function total(row: Float32Array): number {
  const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
  return most + Math.log(row.reduce((sum, one) => sum + Math.exp(one - most), 0));
}

/** How likely a text is, given what was heard, as a logarithm. */
async function likelihood(
  { tokens }: SpeechModel,
  hearing: Hearing,
  text: string,
): Promise<number> {
  let sum = 0;
  let before = tokens.start;
  for (const piece of [...tokens.encode(text), tokens.end]) {
    const row = await hearing.next([0], [before]);
    sum += (row[piece] ?? -Infinity) - total(row);
    before = piece;
  }
  return sum;
}

describe('the speech model', function () {
  let model: SpeechModel;

  before(async () => {
    assert.notEqual(folder, '', 'not built: run npm run build');
    model = await loadSpeechModel(folder);
  });

  it('[V-27] finds what was said likelier than what was not', async () => {
    const texts = ['Show me the git status.', 'Show me the git stash.', 'Go to line 120.', 'Stop.'];
    for (const [clip, said] of [
      ['git-status', texts[0]],
      ['go-to-line-120', texts[2]],
    ] as const) {
      const hearing = await model.hear(speech(clip));
      const all = [];
      for (const text of texts) all.push({ text, fit: await likelihood(model, hearing, text) });
      const [best] = all.toSorted((a, b) => b.fit - a.fit);
      assert.equal(best?.text, said, JSON.stringify(all));
    }
  });

  it('goes on with each text by itself, in whatever order', async () => {
    const hearing = await model.hear(speech('git-status'));
    const { start, encode } = {
      start: model.tokens.start,
      encode: (text: string) => model.tokens.encode(text),
    };
    const [show = 0, me = 0] = encode('Show me');
    const [go = 0, to = 0] = encode('Go to');
    await hearing.next([0], [start]);
    await hearing.next([0, 0], [show, go]);
    // The texts change places: what was kept of them has to go with them.
    const both = await hearing.next([1, 0], [to, me]);
    const alone = await model.hear(speech('git-status'));
    await alone.next([0], [start]);
    await alone.next([0], [go]);
    const row = await alone.next([0], [to]);
    const { size } = model.tokens;
    const [same, other] = [both.subarray(0, size), both.subarray(size)];
    // Rows share the steps of their eight bits: they are alike, not the same.
    assert.ok(
      distance(row, same) < 0.1 * distance(row, other),
      `${distance(row, same)} ${distance(row, other)}`,
    );
  });

  it('[V-28] gives, but for what it learned since, what the published model gives for the pieces that it has kept', async () => {
    const original = await publishedLogits(speech('git-status'), [model.tokens.start]);
    const plain = await untaught();
    const own = await (await plain.hear(speech('git-status'))).next([0], [model.tokens.start]);
    const { pieces } = JSON.parse(readFileSync(path.join(folder, 'contents.json'), 'utf8')) as {
      pieces: string[];
    };
    const { default: tokenizer } = await import('llama-tokenizer-js');
    const kept = pieces.map((piece) => original[tokenizer.vocabByString.get(piece) ?? 0] ?? 0);
    assert.ok(correlation(own, kept) > 0.99, `${correlation(own, kept)}`);
    assert.equal(own.indexOf(Math.max(...own)), kept.indexOf(Math.max(...kept)));
  });

  it('[V-39] hears in noise what it did not before it was taught', async () => {
    const plain = await untaught();
    for (const [clip, said] of [
      ['git-status', 'Show me the git status.'],
      ['go-to-line-120', 'Go to line 120.'],
    ] as const)
      for (const kind of ['white', 'pink'] as const) {
        const random = seededRandom(5);
        const noisy = inRoom(speech(clip), { kind, snrDb: 5, random, talkers: [] });
        const then = await likelihood(plain, await plain.hear(noisy), said);
        const now = await likelihood(model, await model.hear(noisy), said);
        assert.ok(now > then + 1, `${clip} in ${kind} noise: ${then} before, ${now} now`);
      }
  });

  it('cuts text into pieces as the published model was taught', async () => {
    const { default: tokenizer } = await import('llama-tokenizer-js');
    const names = new Map<number, string>(
      tokenizer.vocabById.map((piece: string, id: number) => [id, piece]),
    );
    const { pieces } = JSON.parse(readFileSync(path.join(folder, 'contents.json'), 'utf8')) as {
      pieces: string[];
    };
    for (const text of [
      'Open the settings.',
      'Run the tests again?',
      'Go to line 99,250.',
      'Git: Stage Selected Ranges',
      'Run npm test with webpack.',
    ])
      assert.deepEqual(
        model.tokens.encode(text).map((piece) => pieces[piece]),
        tokenizer.encode(text, false, true).map((piece: number) => names.get(piece)),
      );
  });

  it('[V-29] is refused where a file is damaged or missing, and says which', async () => {
    const copy = damagedCopy();
    await assert.rejects(loadSpeechModel(copy), /hearing\.onnx is damaged: install it again/);
    rmSync(path.join(copy, 'hearing.onnx'));
    await assert.rejects(loadSpeechModel(copy), /hearing\.onnx/);
  });

  it('[V-29] is said once to be damaged, and orders are heard without it', async () => {
    const problems: string[] = [];
    const { promise: told, resolve } = Promise.withResolvers<void>();
    const onProblem = (problem: string): void => {
      problems.push(problem);
      resolve();
    };
    const copy = damagedCopy();
    const recogniser = createRecogniser({ model: { folder: () => copy, onProblem } });
    after(() => recogniser.dispose());
    await recogniser.setPhrases({ meanings: [['show me the git status']], answers: false });
    for (const turn of [1, 2]) {
      const session = recogniser.open();
      const clip = speech('git-status');
      for (let at = 0; at < clip.length; at += FRAME_SAMPLES)
        session.push(clip.subarray(at, at + FRAME_SAMPLES));
      const { text } = await session.finish({ patient: true });
      assert.equal(text, 'show me the git status', `turn ${turn}`);
      await told;
    }
    assert.equal(problems.length, 1);
    assert.match(recogniser.problem ?? '', /hearing\.onnx is damaged/);
  });

  it('takes no sound that is shorter or longer than it can hear', async () => {
    await assert.rejects(model.hear(new Float32Array(100)), RangeError);
    await assert.rejects(model.hear(new Float32Array(13 * 16_000)), RangeError);
  });
});

/** The published model's logits after these pieces, its whole vocabulary. */
async function publishedLogits(sound: Float32Array, pieces: number[]): Promise<Float32Array> {
  const { InferenceSession, Tensor } = await import('onnxruntime-web/wasm');
  const session = (name: string) =>
    InferenceSession.create(readFileSync(path.join(published, name)));
  const encoder = await session('encoder_model.onnx');
  const decoder = await session('decoder_model_merged.onnx');
  const input_values = new Tensor('float32', sound, [1, sound.length]);
  const { last_hidden_state: heard } = await encoder.run({ input_values });
  assert.ok(heard);
  const past = decoder.inputNames.filter((name) => name.startsWith('past'));
  const nothing = new Tensor('float32', new Float32Array(), [1, 8, 0, 36]);
  const { logits } = await decoder.run({
    input_ids: new Tensor('int64', BigInt64Array.from(pieces, BigInt), [1, pieces.length]),
    encoder_hidden_states: heard,
    use_cache_branch: new Tensor('bool', [false]),
    ...Object.fromEntries(past.map((name) => [name, nothing])),
  });
  await Promise.all([encoder.release(), decoder.release()]);
  return logits?.data as Float32Array;
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, one, at) => sum + (one - (b[at] ?? 0)) ** 2, 0) / a.length);
}

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [a, b].map((values) => {
    const all = Array.from(values);
    const mean = all.reduce((sum, one) => sum + one, 0) / all.length;
    return all.map((one) => one - mean);
  });
  const product = (p: number[] = [], q: number[] = []): number =>
    p.reduce((sum, one, at) => sum + one * (q[at] ?? 0), 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}
