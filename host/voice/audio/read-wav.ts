import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { WireErrorCode } from '#schema/envelope/errors.ts';
import { HobError } from '#host/kernel/errors.ts';
import { SAMPLE_RATE } from '../ports.ts';
import { resample } from './core/resample.ts';
import { soundNotes, type SoundNotes } from './core/sound-notes.ts';
import { LONGEST_WAV_MS, parseWav } from './core/wav.ts';

export interface WavFile extends SoundNotes {
  /** 16 kHz mono. */
  samples: Float32Array<ArrayBuffer>;
}

type Answer = { ok: true; file: WavFile } | { ok: false; code: WireErrorCode; message: string };

/** The longest sound in the widest format, with room for what else is in the file. */
const LARGEST_BYTES = (LONGEST_WAV_MS / 1000) * 192_000 * 4 + 1_000_000;

/**
 * The sound of a WAV file, read and resampled in a thread of its own. `worker` is a module that calls
 * `serveWav`. Throws HobError `audio_unreadable`, `audio_invalid`, `audio_too_long`.
 */
export async function readWav(worker: URL, path: string, signal: AbortSignal): Promise<WavFile> {
  const thread = new Worker(worker, { workerData: { path } });
  try {
    const [answer] = (await once(thread, 'message', { signal })) as [Answer];
    if (answer.ok) return answer.file;
    throw new HobError(answer.code, { message: answer.message });
  } finally {
    await thread.terminate();
  }
}

/** The whole of the thread. */
export function serveWav(): void {
  if (isMainThread || parentPort === null) throw new Error('serveWav runs in a worker thread');
  const answer = answerOf((workerData as { path: string }).path);
  parentPort.postMessage(answer, answer.ok ? [answer.file.samples.buffer] : []);
}

function answerOf(path: string): Answer {
  try {
    const sound = parseWav(bytesOf(path));
    const samples = Float32Array.from(resample(sound.samples, sound.sampleRate, SAMPLE_RATE));
    return { ok: true, file: { samples, ...soundNotes(sound.samples) } };
  } catch (thrown) {
    const failure = thrown instanceof HobError ? thrown : unreadable(thrown);
    return { ok: false, code: failure.code, message: failure.message };
  }
}

function bytesOf(path: string): Uint8Array {
  const about = statSync(path);
  if (!about.isFile()) throw new HobError('audio_unreadable', { message: 'This is no file.' });
  if (about.size > LARGEST_BYTES)
    throw new HobError('audio_too_long', {
      message: 'The file is larger than 10 minutes of sound.',
    });
  return readFileSync(path);
}

function unreadable(thrown: unknown): HobError {
  const why =
    (thrown as NodeJS.ErrnoException).code === 'ENOENT' ? 'There is no such file.' : undefined;
  return new HobError('audio_unreadable', { cause: thrown, ...(why ? { message: why } : {}) });
}
