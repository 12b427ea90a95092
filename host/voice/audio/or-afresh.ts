import type { EngineProcess } from '../engine/engine-process.ts';
import type { EngineFailure } from '../engine/messages.ts';
import type { AudioLibraryName } from './library.ts';

/**
 * Asks a sound process to open a device. PortAudio sees only what was there when it was loaded: what was plugged in
 * since is there for a fresh process.
 */
export async function orAfresh(
  process: EngineProcess,
  library: AudioLibraryName,
  ask: () => Promise<unknown>,
): Promise<unknown> {
  try {
    return await ask();
  } catch (failure) {
    if (library !== 'naudiodon' || (failure as EngineFailure).code !== 'no_device') throw failure;
    await process.stop();
    return ask();
  }
}
