export interface SoundNotes {
  /** Part of the samples that are as loud as can be. */
  clipped: boolean;
  silent: boolean;
}

const CLIPPED_PART = 0.005;
const SILENT_PEAK = 0.001;

/** What is wrong with a sound though it can be heard. */
export function soundNotes(samples: Float32Array): SoundNotes {
  let peak = 0;
  let atLimit = 0;
  for (const sample of samples) {
    const size = Math.abs(sample);
    peak = Math.max(peak, size);
    if (size >= 0.999) atLimit += 1;
  }
  return { clipped: atLimit > samples.length * CLIPPED_PART, silent: peak < SILENT_PEAK };
}

/** For people; null when there is nothing to say. */
export function soundWords({ clipped, silent }: SoundNotes): string | null {
  if (silent) return 'The recording is silent: was the microphone on?';
  if (clipped)
    return 'The recording is too loud and cut off at the top; speak farther away or turn the microphone down.';
  return null;
}
