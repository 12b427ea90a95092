/* oxlint-disable no-underscore-dangle -- the names of a WebAssembly module's functions */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Downsampler, Upsampler } from '../core/resample.ts';
import { folderOf, loadWasm, packageEntry } from './load-wasm.ts';

interface NoiseModule {
  HEAPF32: Float32Array;
  ready?: Promise<unknown>;
  _malloc(bytes: number): number;
  _rnnoise_create(model: number): number;
  _rnnoise_destroy(state: number): void;
  _rnnoise_process_frame(state: number, out: number, input: number): number;
}

/** RNNoise knows frames of 10 ms at 48 kHz, in the range of 16-bit samples. */
const FRAME_48K = 480;
const FRAME_16K = 160;
const FULL_SCALE = 32_768;

/** Takes noise out of speech. 16 kHz in, 16 kHz out, a few milliseconds late. */
export class Denoiser {
  private readonly module: NoiseModule;
  private readonly buffer: number;
  private state = 0;
  private up = new Upsampler();
  private down = new Downsampler();
  private rest = new Float32Array(0);

  private constructor(module: NoiseModule) {
    this.module = module;
    this.buffer = module._malloc(FRAME_48K * 4);
  }

  static async create(): Promise<Denoiser> {
    // The other build of the package is the same program as plain JavaScript: seventeen times the size, and slower.
    const entry = packageEntry('@jitsi/rnnoise-wasm/dist/rnnoise.js');
    const wasmBinary = await readFile(join(folderOf(entry), 'rnnoise.wasm'));
    return new Denoiser(await loadWasm<NoiseModule>(entry, (create) => create({ wasmBinary })));
  }

  /** Forgets the last utterance. */
  reset(): void {
    if (this.state !== 0) this.module._rnnoise_destroy(this.state);
    this.state = this.module._rnnoise_create(0);
    this.up = new Upsampler();
    this.down = new Downsampler();
    this.rest = new Float32Array(0);
  }

  /** Whole frames of what came so far; the rest waits for the next call. */
  push(samples: Float32Array): Float32Array {
    const all = new Float32Array(this.rest.length + samples.length);
    all.set(this.rest);
    all.set(samples, this.rest.length);
    const frames = Math.floor(all.length / FRAME_16K);
    this.rest = all.slice(frames * FRAME_16K);
    const clean = new Float32Array(frames * FRAME_16K);
    for (let at = 0; at < frames; at++) {
      const frame = all.subarray(at * FRAME_16K, (at + 1) * FRAME_16K);
      clean.set(this.frame(frame), at * FRAME_16K);
    }
    return clean;
  }

  private frame(samples: Float32Array): Float32Array {
    const wide = this.up.push(samples);
    // The memory may have moved since the last call.
    const start = this.buffer >> 2;
    for (const [at, sample] of wide.entries())
      this.module.HEAPF32[start + at] = sample * FULL_SCALE;
    this.module._rnnoise_process_frame(this.state, this.buffer, this.buffer);
    const out = this.module.HEAPF32.slice(start, start + FRAME_48K);
    return this.down.push(out.map((sample) => sample / FULL_SCALE));
  }
}
