import type { AudioDevice, AudioInput, AudioOutput } from '../ports.ts';
import { EngineProcess } from '../engine/engine-process.ts';
import { soundEnvironment } from './library-path.ts';
import { rethrowMicError, SoundInput, type SoundOptions } from './sound-input.ts';
import { SoundOutput } from './sound-output.ts';

export interface Audio {
  input: AudioInput;
  output: AudioOutput;
  /** Both kinds of device. Rejects with MicError. */
  devices(): Promise<AudioDevice[]>;
  /** Ends every process. */
  dispose(): Promise<void>;
}

/** As long as the speech thread waits: the next reply is heard as soon as that has made it. */
const SPEAKER_IDLE_MS = 120_000;

/**
 * Microphones and speakers. Starts nothing until it is used: then one process for what is heard, one for
 * what is said and one for looking which devices there are, each ended when idle.
 */
export function openAudio(options: Omit<SoundOptions, 'idleMs'> & { idleMs?: number }): Audio {
  const sound: SoundOptions = { idleMs: 20_000, env: soundEnvironment(), ...options };
  const lister = new EngineProcess({ ...sound, name: 'sound devices', module: sound.worker });
  const list = async (): Promise<AudioDevice[]> => {
    const library = sound.library();
    const devices = (await lister
      .request('devices', { library })
      .catch(rethrowMicError)) as AudioDevice[];
    // PortAudio sees only what was there when it was loaded.
    if (library === 'naudiodon') await lister.stop();
    return devices;
  };
  const input = new SoundInput(sound);
  const output = new SoundOutput({ ...sound, idleMs: options.idleMs ?? SPEAKER_IDLE_MS });
  return {
    input,
    output,
    devices: list,
    async dispose() {
      await Promise.all([lister.stop(), input.dispose(), output.dispose()]);
    },
  };
}
