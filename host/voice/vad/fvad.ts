// Emscripten puts an underscore before the name of each C function.
/* oxlint-disable no-underscore-dangle */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { SAMPLE_RATE } from '../ports.ts';
import type { OpenDetector } from './detector.ts';

/** The one export of `@echogarden/fvad-wasm`, which has no types. */
interface Fvad {
  _fvad_new(): number;
  _fvad_free(handle: number): void;
  _fvad_set_sample_rate(handle: number, hz: number): number;
  _fvad_set_mode(handle: number, mode: number): number;
  _fvad_process(handle: number, samples: number, length: number): number;
  _malloc(bytes: number): number;
  _free(at: number): void;
  HEAP16: Int16Array;
}

/** WebRTC's detector judges 30 ms at a time; "aggressive" is the mode that noise fools least without eating words. */
const PIECE = 480;
const PIECE_MS = 30;
const MODE = 2;
/** So many voiced pieces of the last five begin speech: a click is no word. */
const VOICED_OF_FIVE = 3;

/** WebRTC's voice detection, compiled to WebAssembly: worse in noise than Silero, but nothing native. */
export async function loadFvad(): Promise<OpenDetector> {
  const require = createRequire(import.meta.url);
  const file = require.resolve('@echogarden/fvad-wasm');
  const { default: init } = (await import(pathToFileURL(file).href)) as {
    default: (options: object) => Promise<Fvad>;
  };
  const wasmBinary = readFileSync(file.replace(/\.js$/, '.wasm'));
  const wasm = await init({ wasmBinary });
  return (silenceMs) => {
    const handle = wasm._fvad_new();
    const memory = wasm._malloc(PIECE * 2);
    wasm._fvad_set_sample_rate(handle, SAMPLE_RATE);
    wasm._fvad_set_mode(handle, MODE);
    const piece = new Int16Array(PIECE);
    let filled = 0;
    let recent: boolean[] = [];
    let speaking = false;
    let quietMs = 0;
    const judge = (): void => {
      wasm.HEAP16.set(piece, memory / 2);
      const voiced = wasm._fvad_process(handle, memory, PIECE) === 1;
      recent = [...recent.slice(-4), voiced];
      quietMs = voiced ? 0 : quietMs + PIECE_MS;
      if (!speaking) speaking = recent.filter(Boolean).length >= VOICED_OF_FIVE;
      else if (quietMs >= silenceMs) {
        speaking = false;
        recent = [];
      }
    };
    return {
      push(samples) {
        for (const sample of samples) {
          piece[filled++] = Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
          if (filled < PIECE) continue;
          filled = 0;
          judge();
        }
        return speaking;
      },
      close() {
        wasm._fvad_free(handle);
        wasm._free(memory);
      },
    };
  };
}
