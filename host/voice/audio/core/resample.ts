/** Zero crossings of the filter on either side: more is sharper and slower. */
const CROSSINGS = 16;

/** Another sample rate, through a windowed sinc. What the new rate cannot hold is filtered out first. */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const step = from / to;
  const cutoff = Math.min(1, to / from);
  const reach = CROSSINGS / cutoff;
  const out = new Float32Array(Math.floor(samples.length / step));
  for (let i = 0; i < out.length; i += 1) {
    const centre = i * step;
    const first = Math.max(0, Math.ceil(centre - reach));
    const last = Math.min(samples.length - 1, Math.floor(centre + reach));
    let sum = 0;
    let weights = 0;
    for (let k = first; k <= last; k += 1) {
      const weight = kernel(centre - k, cutoff, reach);
      sum += (samples[k] ?? 0) * weight;
      weights += weight;
    }
    out[i] = weights === 0 ? 0 : sum / weights;
  }
  return out;
}

/** Sinc with the cutoff, under a Hann window. */
function kernel(x: number, cutoff: number, reach: number): number {
  const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / reach);
  const phase = Math.PI * x * cutoff;
  return (Math.abs(phase) < 1e-9 ? 1 : Math.sin(phase) / phase) * window;
}
