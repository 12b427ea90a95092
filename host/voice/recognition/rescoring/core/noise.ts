const LENGTH = 16_000;
const LEVEL = 0.01;

/** A second of pink noise, always the same: what the model says of it is what it says of anything. */
export function pinkNoise(): Float32Array {
  let state = 1;
  const random = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 31 - 1;
  };
  let [slow, middle, quick] = [0, 0, 0];
  // Paul Kellet's filter: it falls by 3 dB an octave.
  return Float32Array.from({ length: LENGTH }, () => {
    const white = random();
    slow = 0.99765 * slow + white * 0.099;
    middle = 0.963 * middle + white * 0.2965;
    quick = 0.57 * quick + white * 1.0527;
    return LEVEL * (slow + middle + quick + white * 0.185);
  });
}
