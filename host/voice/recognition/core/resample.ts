const TAPS_PER_PHASE = 16;

/** A windowed sinc that passes what 16 kHz holds, for steps of three. */
function lowPass(): Float32Array {
  const length = TAPS_PER_PHASE * 3;
  const centre = (length - 1) / 2;
  return Float32Array.from({ length }, (_, at) => {
    const x = (at - centre) / 3;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * (at + 0.5)) / length);
    return (sinc * window) / 3;
  });
}

/** 16 kHz to 48 kHz, keeping what is needed of the last call. */
export class Upsampler {
  private readonly filter = lowPass();
  private readonly past = new Float32Array(TAPS_PER_PHASE);

  push(input: Float32Array): Float32Array {
    const output = new Float32Array(input.length * 3);
    for (const [at, sample] of input.entries()) {
      this.past.copyWithin(0, 1);
      this.past[TAPS_PER_PHASE - 1] = sample;
      for (let phase = 0; phase < 3; phase++) output[at * 3 + phase] = 3 * this.sum(phase);
    }
    return output;
  }

  private sum(phase: number): number {
    let sum = 0;
    for (let tap = 0; tap < TAPS_PER_PHASE; tap++)
      sum += (this.filter[tap * 3 + phase] ?? 0) * (this.past[TAPS_PER_PHASE - 1 - tap] ?? 0);
    return sum;
  }
}

/** 48 kHz to 16 kHz. Takes multiples of three samples. */
export class Downsampler {
  private readonly filter = lowPass();
  private past = new Float32Array(TAPS_PER_PHASE * 3);

  push(input: Float32Array): Float32Array {
    const length = this.past.length;
    const all = new Float32Array(length + input.length);
    all.set(this.past);
    all.set(input, length);
    const output = new Float32Array(Math.floor(input.length / 3));
    for (let at = 0; at < output.length; at++) {
      let sum = 0;
      for (let tap = 0; tap < length; tap++)
        sum += (this.filter[tap] ?? 0) * (all[length + at * 3 + 2 - tap] ?? 0);
      output[at] = sum;
    }
    this.past = all.slice(all.length - length);
    return output;
  }
}
