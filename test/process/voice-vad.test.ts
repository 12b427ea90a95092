// Speech detection in its real process: what a broken model does there, and what it must not do here.
import * as assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, it } from 'mocha';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { SupervisedVad, type VadOptions } from '#host/voice/vad/create-vad.ts';
import { root } from '../../scripts/lib/steps.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const worker = pathToFileURL(path.join(root, 'host/voice/vad/vad.worker.ts'));
const frame = (at: number): Float32Array =>
  Float32Array.from({ length: 512 }, (_, i) => vowel((at * 512 + i) / 16_000));

/** A buzz of 120 Hz through three formants: no words, but a voice. */
function vowel(t: number): number {
  let sum = 0;
  for (let k = 1; k <= 30; k += 1) {
    const hz = 120 * k;
    const loud = [730, 1_090, 2_440].reduce(
      (all, f) => all + Math.exp(-(((hz - f) / 150) ** 2)),
      0.02,
    );
    sum += loud * Math.sin(2 * Math.PI * hz * t);
  }
  return 0.08 * sum * (1 + 0.3 * Math.sin(2 * Math.PI * 4 * t));
}

describe('speech detection', function () {
  let vad: SupervisedVad | null = null;
  const folder = temporaryFolder('vad');
  afterEach(() => vad?.dispose());
  after(() => rmSync(folder, { recursive: true, force: true }));

  const open = (model?: VadOptions['model']): SupervisedVad =>
    (vad = new SupervisedVad({
      worker,
      clock: systemClock,
      log: silentLog,
      ...(model ? { model } : {}),
    }));

  async function hears(engine: SupervisedVad): Promise<boolean[]> {
    const told: boolean[] = [];
    const session = engine.open({ silenceMs: 300 });
    session.onSpeech((speaking) => told.push(speaking));
    for (let i = 0; i < 30; i += 1) session.push(frame(i));
    for (let i = 0; i < 30; i += 1) session.push(new Float32Array(512));
    await session.settled();
    session.close();
    return told;
  }

  it('[V-63] a model that is not the one that was tried is not loaded; the fallback answers and says so', async () => {
    const file = path.join(folder, 'other.onnx');
    writeFileSync(file, 'not a model');
    const engine = open({ file, sha256: '0'.repeat(64) });
    assert.deepEqual(await hears(engine), [true, false]);
    assert.equal(engine.status.engine, 'fvad');
    assert.match(engine.status.fallback ?? '', /not the one that came with Hob/);
  });

  it('[V-63] a corrupt model kills its own process only', async () => {
    const file = path.join(folder, 'corrupt.onnx');
    const bytes = Buffer.alloc(200_000, 0xa5);
    writeFileSync(file, bytes);
    const engine = open({ file, sha256: createHash('sha256').update(bytes).digest('hex') });
    assert.deepEqual(await hears(engine), [true, false]);
    assert.equal(engine.status.engine, 'fvad');
    assert.match(engine.status.fallback ?? '', /ended/);
  });

  it('[V-63] killed while somebody speaks, another takes over in the same turn', async () => {
    const engine = open();
    const told: [boolean, number][] = [];
    const session = engine.open({ silenceMs: 300 });
    session.onSpeech((...change) => told.push(change));
    session.push(new Float32Array(512));
    await session.settled();
    assert.deepEqual(engine.status, { engine: 'silero', fallback: null });
    const [pid] = engine.pids;
    assert.ok(pid !== undefined);
    process.kill(pid, 'SIGKILL');
    while (engine.status.fallback === null) await new Promise((resolve) => setTimeout(resolve, 10));
    for (let i = 0; i < 30; i += 1) session.push(frame(i));
    await session.settled();
    assert.deepEqual(
      told.map(([speaking]) => speaking),
      [true],
    );
    assert.ok((told[0]?.[1] ?? 0) > 32);
    assert.equal(engine.status.engine, 'fvad');
    session.close();
  });
});
