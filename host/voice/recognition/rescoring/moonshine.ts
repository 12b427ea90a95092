import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import type * as Onnx from 'onnxruntime-web/wasm';
import type { InferenceSession as Session, Tensor } from 'onnxruntime-web/wasm';
import { PieceTable } from './piece-table.ts';
import { dist } from './model-folder.ts';
import type { Hearing, SpeechModel, Tokens } from './speech-model.ts';

type Runtime = typeof Onnx;

/** What the build wrote beside the files: their checksums, and the pieces of the model. */
interface Contents {
  sha256: Record<string, string>;
  pieces: string[];
}

/** Of the model: its layers' keys and values, times its heads, and the width of a head. */
const SEEN = 96;
const HEAD = 36;
/** Below this the model's filters have nothing to work on; above, its table of positions ends. */
const SHORTEST = 16_000 / 10;
const LONGEST = 12 * 16_000;

/** Moonshine in WebAssembly, on one core. Rejects where a file is missing or is not the one that was built. */
export async function loadSpeechModel(folder: string): Promise<SpeechModel> {
  const contents = JSON.parse(await readFile(join(folder, 'contents.json'), 'utf8')) as Contents;
  const runtime = await startedRuntime();
  const session = async (name: string): Promise<Session> => {
    const bytes = await readFile(join(folder, name));
    if (createHash('sha256').update(bytes).digest('hex') !== contents.sha256[name])
      throw new Error(`${join(folder, name)} is damaged: install it again`);
    // The graphs are as small as they get: looking for more to save takes longer than it saves.
    return runtime.InferenceSession.create(bytes, {
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'disabled',
      enableCpuMemArena: false,
      enableMemPattern: false,
    });
  };
  const sessions = {
    hearing: await session('hearing.onnx'),
    telling: await session('telling.onnx'),
  };
  return new Moonshine(runtime, sessions, new PieceTable(contents.pieces));
}

async function startedRuntime(): Promise<Runtime> {
  const packed = await readFile(new URL('onnxruntime.wasm.br', dist()));
  const runtime = (await import(import.meta.resolve('onnxruntime-web/wasm'))) as Runtime;
  const { wasm } = runtime.env;
  // More would need threads of its own, and what listens needs the other cores.
  wasm.numThreads = 1;
  wasm.wasmBinary = new Uint8Array(await promisify(brotliDecompress)(packed)).buffer;
  runtime.env.logLevel = 'error';
  return runtime;
}

interface Sessions {
  /** Sound → what the layers of the other look at of it. */
  hearing: Session;
  /** One more piece of each text → how likely each next one is. */
  telling: Session;
}

class Moonshine implements SpeechModel {
  readonly tokens: Tokens;
  private readonly runtime: Runtime;
  private readonly sessions: Sessions;

  constructor(runtime: Runtime, sessions: Sessions, tokens: Tokens) {
    this.runtime = runtime;
    this.sessions = sessions;
    this.tokens = tokens;
  }

  async hear(samples: Float32Array): Promise<Hearing> {
    const { length } = samples;
    if (length < SHORTEST || length > LONGEST)
      throw new RangeError(`${length} samples are not from ${SHORTEST} to ${LONGEST}`);
    const sound = new this.runtime.Tensor('float32', samples, [1, length]);
    const { keys, values } = await this.sessions.hearing.run({ sound });
    return new Heard(this.runtime, this.sessions.telling, {
      keys: present(keys),
      values: present(values),
      tokens: this.tokens,
    });
  }
}

interface Sound {
  keys: Tensor;
  values: Tensor;
  tokens: Tokens;
}

class Heard implements Hearing {
  private readonly runtime: Runtime;
  private readonly telling: Session;
  private readonly sound: Sound;
  /** What the layers keep of the texts so far. */
  private past: Tensor | null = null;

  constructor(runtime: Runtime, telling: Session, sound: Sound) {
    this.runtime = runtime;
    this.telling = telling;
    this.sound = sound;
  }

  async next(parents: readonly number[], pieces: readonly number[]): Promise<Float32Array> {
    const { keys, values, tokens } = this.sound;
    if (this.past === null || pieces[0] === tokens.start) this.past = this.nothing();
    const { logits, present: past } = await this.telling.run({
      keys,
      values,
      past: this.past,
      parents: this.integers(parents),
      pieces: this.integers(pieces),
    });
    this.past = present(past);
    return present(logits).data as Float32Array;
  }

  private nothing(): Tensor {
    return new this.runtime.Tensor('float32', new Float32Array(), [1, SEEN, 0, HEAD]);
  }

  private integers(values: readonly number[]): Tensor {
    return new this.runtime.Tensor('int64', BigInt64Array.from(values, BigInt), [values.length]);
  }
}

function present(tensor: Tensor | undefined): Tensor {
  if (tensor === undefined) throw new Error('the speech model gave no answer');
  return tensor;
}
