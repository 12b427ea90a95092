// @ts-check
// What a model learned after it was published (low-rank adaptation, LoRA: Hu et al. 2021): for a matrix two thin ones
// whose product is added to it, for a vector what is added. Read from a file of safetensors
// (github.com/huggingface/safetensors): a length, a table of contents in JSON, and the values.

/** @typedef {{ dtype: string, shape: number[], data_offsets: [number, number] }} Entry */

const LENGTH = 8;
const otherModel = 'of the adaptation does not fit: it is of another model';

export class Adaptation {
  /** @type {Map<string, Entry>} */
  #entries;
  #values;

  /** @param {Uint8Array} bytes  a file of safetensors; numbers in it are F32, or I8 with one scale beside them */
  constructor(bytes) {
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    const contents = new TextDecoder().decode(bytes.subarray(LENGTH, LENGTH + length));
    this.#entries = new Map(Object.entries(JSON.parse(contents)));
    this.#values = bytes.subarray(LENGTH + length);
  }

  /** @param {string} name */
  has(name) {
    return this.#entries.has(name);
  }

  /**
   * A vector with what was learned.
   * @param {string} name
   * @param {Float32Array} values
   */
  vector(name, values) {
    const { numbers } = this.#numbers(name);
    if (numbers.length !== values.length) throw new Error(`${name} ${otherModel}`);
    return values.map((value, at) => value + (numbers[at] ?? 0));
  }

  /**
   * A matrix, by rows, with what was learned.
   * @param {string} name
   * @param {Float32Array} values
   */
  matrix(name, values) {
    const left = this.#numbers(`${name}.A`);
    const right = this.#numbers(`${name}.B`);
    const [rows = 0, rank = 0] = left.shape;
    const [, columns = 0] = right.shape;
    if (rows * columns !== values.length) throw new Error(`${name} ${otherModel}`);
    const sum = values.slice();
    for (let row = 0; row < rows; row++)
      for (let inner = 0; inner < rank; inner++) {
        const factor = left.numbers[row * rank + inner] ?? 0;
        for (let column = 0; column < columns; column++)
          sum[row * columns + column] =
            (sum[row * columns + column] ?? 0) +
            factor * (right.numbers[inner * columns + column] ?? 0);
      }
    return sum;
  }

  /**
   * @param {string} name
   * @returns {{ shape: number[], numbers: Float32Array }}
   */
  #numbers(name) {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new Error(`the adaptation has no ${name}`);
    const bytes = Uint8Array.from(this.#values.subarray(...entry.data_offsets));
    const { shape } = entry;
    if (entry.dtype === 'F32') return { shape, numbers: new Float32Array(bytes.buffer) };
    const [scale = 0] = this.#numbers(`${name}.scale`).numbers;
    return { shape, numbers: Float32Array.from(new Int8Array(bytes.buffer), (n) => n * scale) };
  }
}

/**
 * As numbers of 8 bits, each of which means (bits − zero) · scale of its column.
 * @param {Float32Array} values
 * @param {number} columns
 */
export function byColumns(values, columns) {
  return {
    rows: values.length / columns,
    columns,
    ...inEightBits(values, columns, (at) => at % columns),
  };
}

/**
 * The same with a scale and a zero of each row.
 * @param {Float32Array} values
 * @param {number} rows
 */
export function byRows(values, rows) {
  const length = values.length / rows;
  return inEightBits(values, rows, (at) => Math.floor(at / length));
}

/**
 * @param {Float32Array} values
 * @param {number} groups
 * @param {(at: number) => number} groupOf
 */
function inEightBits(values, groups, groupOf) {
  const least = new Float32Array(groups);
  const most = new Float32Array(groups);
  for (const [at, value] of values.entries()) {
    const group = groupOf(at);
    least[group] = Math.min(least[group] ?? 0, value);
    most[group] = Math.max(most[group] ?? 0, value);
  }
  const scales = most.map((value, group) => Math.max(1e-9, (value - (least[group] ?? 0)) / 255));
  const zeros = Uint8Array.from(scales, (scale, group) => Math.round(-(least[group] ?? 0) / scale));
  const bits = Uint8Array.from(values, (value, at) => {
    const group = groupOf(at);
    const whole = Math.round(value / (scales[group] ?? 1)) + (zeros[group] ?? 0);
    return Math.min(255, Math.max(0, whole));
  });
  return { bits, scales, zeros };
}
