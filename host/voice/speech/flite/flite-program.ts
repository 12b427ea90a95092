import {
  ConsoleStdout,
  type Directory,
  File,
  OpenFile,
  PreopenDirectory,
  WASI,
  wasi as constants,
} from '@bjorn3/browser_wasi_shim';
import type { SynthesisJob } from './messages.ts';
import { wasm, type WasmModule } from './wasm.ts';

/** Leaves the program that runs, from inside one of its system calls. */
class Leave extends Error {
  readonly next: SynthesisJob | null;

  constructor(next: SynthesisJob | null) {
    super('leaves flite');
    this.next = next;
  }
}

export interface FliteCallbacks {
  /** Blocks until there is a job; null ends the program. */
  nextJob(): SynthesisJob | null;
  /** A WAV file, or null when the program made no sound of it. */
  done(job: SynthesisJob, wav: Uint8Array | null): void;
  /** What flite prints; only ever complaints. */
  said(line: string): void;
}

/**
 * flite's own command line program, told to loop for ever over one file (`-l -f`). Opening that file is
 * where a sentence ends and the next one is handed over, so that voices are loaded once and not for each
 * sentence (which took 10 to 40 ms). Another voice or pace is another start of the program.
 */
export function runFlite(module: WasmModule, callbacks: FliteCallbacks): void {
  let job = callbacks.nextJob();
  while (job !== null) job = runOnce(module, callbacks, job);
}

const INPUT = 'text';
const OUTPUT = 'speech.wav';

/** Speaks until a job needs another start; returns that job. */
function runOnce(
  module: WasmModule,
  callbacks: FliteCallbacks,
  first: SynthesisJob,
): SynthesisJob | null {
  const files = new Map<string, File | Directory>();
  let current: SynthesisJob | null = null;
  const input = new TextOnOpen(() => {
    const job = current === null ? first : next(current);
    current = job;
    return `${job.text}\n`;
  });
  const next = (finished: SynthesisJob): SynthesisJob => {
    const sound = files.get(OUTPUT);
    files.delete(OUTPUT);
    callbacks.done(finished, sound instanceof File ? sound.data : null);
    const job = callbacks.nextJob();
    if (job?.voice !== first.voice || job.stretch !== first.stretch) throw new Leave(job);
    return job;
  };
  files.set(INPUT, input);
  const args = ['flite', '-voice', first.voice, '--setf', `duration_stretch=${first.stretch}`];
  const print = (): ConsoleStdout => ConsoleStdout.lineBuffered(callbacks.said);
  const shim = new WASI(
    [...args, '-l', '-f', `/io/${INPUT}`, '-o', `/io/${OUTPUT}`],
    [],
    [new OpenFile(new File([])), print(), print(), new PreopenDirectory('/io', files)],
    { debug: false },
  );
  const instance = new wasm.Instance(module, { wasi_snapshot_preview1: shim.wasiImport });
  try {
    // `_start` and `memory` are the two things that a WASI command exports.
    const code = shim.start(instance as Parameters<WASI['start']>[0]);
    throw new Error(`flite ended by itself with ${code}`);
  } catch (thrown) {
    if (thrown instanceof Leave) return thrown.next;
    // A text that flite cannot take ends this start of it, not the thread.
    callbacks.said(String(thrown));
    callbacks.done(current ?? first, null);
    return callbacks.nextJob();
  }
}

/** A file whose text is asked for each time it is opened for reading. */
class TextOnOpen extends File {
  readonly #text: () => string;

  constructor(text: () => string) {
    super([]);
    this.#text = text;
  }

  override path_open(
    oflags: number,
    fs_rights_base: bigint,
    fd_flags: number,
  ): ReturnType<File['path_open']> {
    const reading = (oflags & (constants.OFLAGS_CREAT | constants.OFLAGS_TRUNC)) === 0;
    if (reading) this.data = new TextEncoder().encode(this.#text());
    return super.path_open(oflags, fs_rights_base, fd_flags);
  }
}
