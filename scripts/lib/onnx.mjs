// @ts-check
// As much of ONNX (github.com/onnx/onnx, onnx.proto) as is needed to read the weights of a model, and to write another
// one around them. Files are messages of Protocol Buffers; what is not asked for is skipped.

/** @typedef {{ type: number, dims: readonly number[], bytes: Uint8Array }} Tensor */
/** @typedef {{ op: string, inputs: string[], outputs: string[] }} Node */
/** Text, one number, several, or one with a fraction. @typedef {string | number | number[] | { float: number }} Attribute */

export const FLOAT = 1;
export const UINT8 = 2;
export const INT64 = 7;

const VARINT = 0;
const LENGTH = 2;
const FIXED32 = 5;
const utf8 = new TextDecoder();
const tooShort = 'not a model: it ends in the middle';

/** The fields of a message: number → what was written there, in order. */
class Message {
  /** @type {Map<number, (number | Uint8Array)[]>} */
  #fields = new Map();

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    let at = 0;
    const varint = () => {
      let value = 0;
      for (let factor = 1; ; factor *= 128) {
        const byte = bytes[at++];
        if (byte === undefined) throw new Error(tooShort);
        value += (byte & 127) * factor;
        if (byte < 128) return value;
      }
    };
    while (at < bytes.length) {
      const key = varint();
      const kind = key & 7;
      if (kind === VARINT) this.#put(key >>> 3, varint());
      else if (kind === LENGTH || kind === FIXED32) {
        const length = kind === LENGTH ? varint() : 4;
        if (at + length > bytes.length) throw new Error(tooShort);
        this.#put(key >>> 3, bytes.subarray(at, (at += length)));
      } else throw new Error(`not a model: there is a field of kind ${kind}`);
    }
  }

  /**
   * @param {number} field
   * @param {number | Uint8Array} value
   */
  #put(field, value) {
    const before = this.#fields.get(field);
    if (before === undefined) this.#fields.set(field, [value]);
    else before.push(value);
  }

  /** @param {number} field */
  numbers(field) {
    return (this.#fields.get(field) ?? []).filter((value) => typeof value === 'number');
  }

  /** @param {number} field */
  bytes(field) {
    return (this.#fields.get(field) ?? []).filter((value) => typeof value !== 'number');
  }

  /** @param {number} field */
  texts(field) {
    return this.bytes(field).map((bytes) => utf8.decode(bytes));
  }

  /** @param {number} field */
  messages(field) {
    return this.bytes(field).map((bytes) => new Message(bytes));
  }
}

/**
 * The weights of a model by their names, and its nodes, with those of the branches that it may take.
 * @param {Uint8Array} bytes
 */
export function readModel(bytes) {
  const [graph] = new Message(bytes).messages(7);
  if (graph === undefined) throw new Error('not a model: it has no graph');
  const weights = new Map(
    graph.messages(5).map((tensor) => {
      const [name = ''] = tensor.texts(8);
      const [type = 0] = tensor.numbers(2);
      // Rows that are written packed are not met in models of this kind.
      const dims = tensor.numbers(1);
      // Values stand raw, as floats, or, if short, as numbers.
      const [bytes = Uint8Array.from(tensor.bytes(5).flatMap(varints))] = [9, 4].flatMap((at) =>
        tensor.bytes(at),
      );
      return [name, { type, dims, bytes }];
    }),
  );
  return { weights, nodes: nodesOf(graph) };
}

/**
 * Numbers that stand one after the other.
 * @param {Uint8Array} bytes
 */
function varints(bytes) {
  let value = 0;
  let factor = 1;
  return [...bytes].flatMap((byte) => {
    value += (byte & 127) * factor;
    factor *= 128;
    if (byte >= 128) return [];
    const whole = value;
    [value, factor] = [0, 1];
    return [whole];
  });
}

/**
 * @param {Message} graph
 * @returns {Node[]}
 */
function nodesOf(graph) {
  return graph.messages(1).flatMap((node) => {
    const own = { op: node.texts(4)[0] ?? '', inputs: node.texts(1), outputs: node.texts(2) };
    const branches = node.messages(5).flatMap((attribute) => attribute.messages(6));
    return [own, ...branches.flatMap(nodesOf)];
  });
}

/** @param {number} value  not negative, but for −1, which takes ten bytes */
function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.of(...bytes, Number(rest));
}

/**
 * One field as bytes: a number, a text, or a message of fields.
 * @param {number} number
 * @param {number | string | Uint8Array | readonly Uint8Array[]} value
 * @returns {Uint8Array}
 */
function field(number, value) {
  if (typeof value === 'number') return Buffer.concat([varint(number * 8 + VARINT), varint(value)]);
  const bytes =
    typeof value === 'string'
      ? Buffer.from(value)
      : value instanceof Uint8Array
        ? value
        : Buffer.concat(value);
  return Buffer.concat([varint(number * 8 + LENGTH), varint(bytes.length), bytes]);
}

/**
 * @param {string} name
 * @param {Attribute} value
 */
function attribute(name, value) {
  if (typeof value === 'string') return [field(1, name), field(4, value), field(20, 3)];
  if (typeof value === 'number') return [field(1, name), field(3, value), field(20, 2)];
  if (Array.isArray(value))
    return [field(1, name), ...value.map((one) => field(8, one)), field(20, 7)];
  const float = new Uint8Array(Float32Array.of(value.float).buffer);
  return [field(1, name), Buffer.concat([varint(2 * 8 + FIXED32), float]), field(20, 1)];
}

/** A model in the making. What is added gets a name, by which later nodes take it. */
export class Graph {
  /** @type {Uint8Array[]} */
  #parts = [];
  #names = 0;

  /**
   * @param {number} type
   * @param {readonly number[]} dims
   * @param {ArrayBufferView} values
   */
  constant(type, dims, values) {
    const name = this.#name();
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const all = [
      ...dims.map((dim) => field(1, dim)),
      field(2, type),
      field(8, name),
      field(9, bytes),
    ];
    this.#parts.push(field(5, all));
    return name;
  }

  /** @param {number[]} values */
  floats(...values) {
    return this.constant(
      FLOAT,
      values.length === 1 ? [] : [values.length],
      Float32Array.from(values),
    );
  }

  /** @param {number[]} values */
  integers(...values) {
    return this.constant(INT64, [values.length], BigInt64Array.from(values, BigInt));
  }

  /**
   * A node with one result.
   * @param {string} op
   * @param {readonly string[]} inputs
   * @param {Record<string, Attribute>} [attributes]
   * @returns {string}
   */
  add(op, inputs, attributes = {}) {
    return this.addSplit(op, inputs, 1, attributes)[0] ?? '';
  }

  /**
   * A node with several. Operators that only this runtime knows are called `ms.Name`.
   * @param {string} op
   * @param {readonly string[]} inputs
   * @param {number} results
   * @param {Record<string, Attribute>} [attributes]
   */
  addSplit(op, inputs, results, attributes = {}) {
    const outputs = Array.from({ length: results }, () => this.#name());
    const own = op.startsWith('ms.');
    this.#parts.push(
      field(1, [
        ...inputs.map((name) => field(1, name)),
        ...outputs.map((name) => field(2, name)),
        field(4, own ? op.slice(3) : op),
        ...Object.entries(attributes).map(([name, value]) => field(5, attribute(name, value))),
        ...(own ? [field(7, 'com.microsoft')] : []),
      ]),
    );
    return outputs;
  }

  /**
   * @param {string} name
   * @param {number} type
   * @param {readonly (number | string)[]} dims  a name where it differs from run to run
   */
  input(name, type, dims) {
    this.#parts.push(field(11, valueOf(name, type, dims)));
    return name;
  }

  /**
   * @param {string} name  under which `from` is given out
   * @param {string} from
   * @param {readonly (number | string)[]} dims
   */
  output(name, from, dims) {
    this.#parts.push(field(1, [field(1, from), field(2, name), field(4, 'Identity')]));
    this.#parts.push(field(12, valueOf(name, FLOAT, dims)));
  }

  /** @returns {Uint8Array} */
  bytes() {
    const sets = [
      ['', 17],
      ['com.microsoft', 1],
    ].map(([domain = '', version = 0]) =>
      field(8, [field(1, String(domain)), field(2, Number(version))]),
    );
    return Buffer.concat([field(1, 8), field(7, [field(2, 'speech'), ...this.#parts]), ...sets]);
  }

  #name() {
    this.#names++;
    return this.#names.toString(36);
  }
}

/**
 * @param {string} name
 * @param {number} type
 * @param {readonly (number | string)[]} dims
 */
function valueOf(name, type, dims) {
  const shape = dims.map((dim) => field(1, [field(typeof dim === 'number' ? 1 : 2, dim)]));
  return [field(1, name), field(2, [field(1, [field(1, type), field(2, shape)])])];
}
