// @ts-check
// Moonshine tiny as two small models around the weights of the published ones: what hears, and what says how likely
// each next piece of text is. The published ones spell every operator out, and hold their decoder twice.
import { byColumns, byRows } from './adaptation.mjs';
import { FLOAT, Graph, INT64, UINT8, readModel } from './onnx.mjs';

/**
 * Rows × columns of 8 bits, each of which means (bits − zero) · scale of its column.
 * @typedef {{ rows: number, columns: number, bits: Uint8Array, scales: Float32Array, zeros: Uint8Array }} Matrix
 */

const LAYERS = 6;
const HEADS = 8;
const HEAD = 36;
const WIDTH = HEADS * HEAD;
/** So much of a head is turned by where it stands. */
const ROTATED = 32;
/** 12 s of sound, and the pieces of a text. */
const LONGEST_SOUND = 512;
const LONGEST_TEXT = 128;

/** The weights of a published model, found by where it uses them. */
export class Weights {
  #weights;
  #nodes;
  /** What stands before the places of the model. */
  #path;
  /** What it learned since. */
  #learned;

  /**
   * @param {Uint8Array} bytes
   * @param {string} path
   * @param {import('./adaptation.mjs').Adaptation} [learned]
   */
  constructor(bytes, path, learned) {
    ({ weights: this.#weights, nodes: this.#nodes } = readModel(bytes));
    this.#path = path;
    this.#learned = learned;
  }

  /**
   * @param {string} name
   * @param {string} [part]  of what is stored as bytes
   */
  #tensor(name, part = '') {
    const dotted = `${this.#path.replaceAll('/', '.').slice(1)}${name}`;
    const found = [name, dotted, `${dotted}_merged_0`]
      .map((one) => this.#weights.get(`${one}${part}`))
      .find((one) => one !== undefined);
    if (found === undefined) throw new Error(`the published speech model has no ${name}`);
    return found;
  }

  /**
   * @param {string} name
   * @param {string} [part]
   */
  floats(name, part) {
    const { type, bytes } = this.#tensor(name, part);
    if (type !== FLOAT) throw new Error(`${name} of the published speech model is not of floats`);
    const values = new Float32Array(Uint8Array.from(bytes).buffer);
    const place = `${this.#path}${name}`;
    return part === undefined && this.#learned?.has(place) === true
      ? this.#learned.vector(place, values)
      : values;
  }

  /** How fast what stands later is turned. */
  frequencies() {
    return this.floats(`${this.#path}rotary_emb/Cast_1_output_0`);
  }

  /** @param {string} name */
  bits(name) {
    return this.#tensor(name, '_quantized');
  }

  /**
   * @param {string} name
   * @returns {Matrix}
   */
  matrix(name) {
    const { type, dims, bytes } = this.bits(name);
    if (type !== UINT8) throw new Error(`${name} of the published speech model is not of bytes`);
    const [rows = 0, columns = 0] = dims;
    const [scale = 0] = this.floats(name, '_scale');
    const [zero = 0] = this.#tensor(name, '_zero_point').bytes;
    const scales = new Float32Array(columns).fill(scale);
    return { rows, columns, bits: bytes, scales, zeros: new Uint8Array(columns).fill(zero) };
  }

  /**
   * What the model multiplies with at a place.
   * @param {string} place
   */
  at(place) {
    const made = `${this.#path}${place}/MatMul_output_0_output_quantized`;
    const node = this.#nodes.find(({ outputs }) => outputs.includes(made));
    const [, name = ''] = node?.inputs ?? [];
    const published = this.matrix(name.replace(/_quantized$/, ''));
    const learned = `${this.#path}${place}`;
    if (this.#learned?.has(`${learned}.A`) !== true) return published;
    return byColumns(this.#learned.matrix(learned, meant(published)), published.columns);
  }

  /**
   * A filter over time, which is stored as what lies between its least and its largest value.
   * @param {string} name
   */
  filter(name) {
    const { dims, bytes } = this.bits(name);
    const [scale = 1] = this.floats(name, '_scale');
    const [middle = 0] = this.floats(name, '_zero_point');
    const published = Float32Array.from(new Int8Array(Uint8Array.from(bytes).buffer), (bits) =>
      Math.fround(bits * scale + middle),
    );
    const learned = this.#learned?.matrix(`${this.#path}${name}`, published) ?? published;
    return { dims, ...byRows(learned, dims[0] ?? 1) };
  }
}

/** @param {Matrix} matrix */
const meant = ({ columns, bits, scales, zeros }) =>
  Float32Array.from(
    bits,
    (one, at) => (one - (zeros[at % columns] ?? 0)) * (scales[at % columns] ?? 0),
  );

/**
 * @param {readonly Matrix[]} matrices  as many rows each
 * @returns {Matrix}
 */
function sideBySide(matrices) {
  const rows = matrices[0]?.rows ?? 0;
  const columns = matrices.reduce((sum, one) => sum + one.columns, 0);
  const bits = new Uint8Array(rows * columns);
  let from = 0;
  for (const one of matrices) {
    for (let row = 0; row < rows; row++)
      bits.set(one.bits.subarray(row * one.columns, (row + 1) * one.columns), row * columns + from);
    from += one.columns;
  }
  return {
    rows,
    columns,
    bits,
    scales: Float32Array.from(matrices.flatMap(({ scales }) => [...scales])),
    zeros: Uint8Array.from(matrices.flatMap(({ zeros }) => [...zeros])),
  };
}

/** What both models are made of. */
class Network extends Graph {
  /** @param {Weights} weights */
  constructor(weights) {
    super();
    this.weights = weights;
  }

  /** @param {string} name */
  vector(name) {
    const values = this.weights.floats(name);
    return this.constant(FLOAT, [values.length], values);
  }

  /**
   * @param {string} x
   * @param {Matrix} matrix
   * @param {string} [bias]  its name
   */
  times(x, { rows, columns, bits, scales, zeros }, bias) {
    return this.add('ms.DynamicQuantizeMatMul', [
      x,
      this.constant(UINT8, [rows, columns], bits),
      this.constant(FLOAT, [columns], scales),
      this.constant(UINT8, [columns], zeros),
      ...(bias === undefined ? [] : [this.vector(bias)]),
    ]);
  }

  /**
   * What is multiplied at these places, in one.
   * @param {string} x
   * @param {readonly string[]} places
   * @param {string} [bias]
   */
  linear(x, places, bias) {
    return this.times(x, sideBySide(places.map((place) => this.weights.at(place))), bias);
  }

  /**
   * @param {string} x
   * @param {string} weight
   */
  normalised(x, weight) {
    return this.add('LayerNormalization', [x, this.vector(weight)], { axis: -1 });
  }

  /**
   * @param {string} x
   * @param {readonly number[]} shape
   */
  shaped(x, ...shape) {
    return this.add('Reshape', [x, this.integers(...shape)]);
  }

  /**
   * How much each of `values` counts is how well its key, a column of `keys`, fits the query.
   * @param {string} queries
   * @param {string} keys
   * @param {string} values
   */
  attention(queries, keys, values) {
    const fits = this.add('ms.FusedMatMul', [queries, keys], { alpha: { float: HEAD ** -0.5 } });
    return this.add('MatMul', [this.add('Softmax', [fits], { axis: -1 }), values]);
  }

  /**
   * Gives queries and keys the mark of where they stand.
   * @param {number} longest
   */
  rotation(longest) {
    const frequencies = this.weights.frequencies();
    const angles = Array.from({ length: longest }, (_, at) =>
      Array.from(frequencies, (one) => Math.fround(one * at)),
    ).flat();
    /** @param {(angle: number) => number} of */
    const table = (of) =>
      this.constant(FLOAT, [longest, ROTATED / 2], Float32Array.from(angles, of));
    const tables = [table(Math.cos), table(Math.sin)];
    return (/** @type {string} */ x, /** @type {string} */ from) =>
      this.add('ms.RotaryEmbedding', [x, from, ...tables], {
        interleaved: 1,
        num_heads: HEADS,
        rotary_embedding_dim: ROTATED,
      });
  }
}

/**
 * Sound → what the decoder looks at of it, for each of its layers: keys, on their side, and values.
 * @param {Uint8Array} encoder  as published
 * @param {Uint8Array} decoder
 * @param {import('./adaptation.mjs').Adaptation} [learned]  since it was published
 */
export function hearingModel(encoder, decoder, learned) {
  const net = new Network(new Weights(encoder, '/', learned));
  const turned = net.rotation(LONGEST_SOUND);
  const start = net.integers(0);
  let x = soundFront(net, net.input('sound', FLOAT, [1, 'samples']));
  for (let layer = 0; layer < LAYERS; layer++) {
    const at = `layers.${layer}`;
    const own = ['q', 'k', 'v'].map((one) => `${at}/self_attn/${one}_proj`);
    const input = net.normalised(x, `${at}.input_layernorm.weight`);
    const [q = '', k = '', v = ''] = net.addSplit('Split', [net.linear(input, own)], 3, {
      axis: -1,
    });
    const heard = net.add('ms.MultiHeadAttention', [turned(q, start), turned(k, start), v], {
      num_heads: HEADS,
    });
    x = net.add('Add', [x, net.linear(heard, [`${at}/self_attn/dense`])]);
    const next = net.normalised(x, `${at}.post_attention_layernorm.weight`);
    const wide = net.add('ms.Gelu', [net.linear(next, [`${at}/mlp/fc1`], `${at}.mlp.fc1.bias`)]);
    x = net.add('Add', [x, net.linear(wide, [`${at}/mlp/fc2`], `${at}.mlp.fc2.bias`)]);
  }
  x = net.normalised(x, 'layer_norm.weight');
  const decoding = new Weights(decoder, '/model/decoder/', learned);
  for (const [kind, perm] of /** @type {const} */ ([
    ['k', [0, 2, 3, 1]],
    ['v', [0, 2, 1, 3]],
  ])) {
    const places = Array.from(
      { length: LAYERS },
      (_, layer) => `layers.${layer}/encoder_attn/${kind}_proj`,
    );
    const all = net.times(x, sideBySide(places.map((place) => decoding.at(place))));
    const heads = net.shaped(all, 1, -1, LAYERS * HEADS, HEAD);
    net.output(
      kind === 'k' ? 'keys' : 'values',
      net.add('Transpose', [heads], { perm: [...perm] }),
      [1, LAYERS * HEADS, 'a', 'b'],
    );
  }
  return net.bytes();
}

/**
 * 24 ms of sound become what a layer takes.
 * @param {Network} net
 * @param {string} sound
 */
function soundFront(net, sound) {
  const { weights } = net;
  /** @type {(x: string, name: string, stride: number, bias: string[]) => string} */
  const convolved = (x, name, stride, bias) => {
    const { dims, bits, scales, zeros } = weights.filter(`${name}.weight`);
    const filter = net.add(
      'DequantizeLinear',
      [
        net.constant(UINT8, dims, bits),
        net.constant(FLOAT, [scales.length], scales),
        net.constant(UINT8, [zeros.length], zeros),
      ],
      { axis: 0 },
    );
    return net.add('Conv', [x, filter, ...bias.map((one) => net.vector(one))], {
      strides: [stride],
    });
  };
  const first = net.add('Tanh', [convolved(net.shaped(sound, 1, 1, -1), 'conv1', 64, [])]);
  // As one group: over all channels at once.
  const flat = net.shaped(first, 1, 1, -1);
  const even = net.add('InstanceNormalization', [
    flat,
    net.constant(FLOAT, [1], Float32Array.of(1)),
    net.constant(FLOAT, [1], Float32Array.of(0)),
  ]);
  const back = net.shaped(even, 1, WIDTH, -1);
  const column = (/** @type {string} */ name) =>
    net.constant(FLOAT, [WIDTH, 1], weights.floats(name));
  const grouped = net.add('Add', [
    net.add('Mul', [back, column('onnx::Mul_1488')]),
    column('onnx::Add_1489'),
  ]);
  const second = net.add('ms.Gelu', [convolved(grouped, 'conv2', 3, ['conv2.bias'])]);
  const third = net.add('ms.Gelu', [convolved(second, 'conv3', 2, ['conv3.bias'])]);
  return net.add('Transpose', [third], { perm: [0, 2, 1] });
}

/**
 * One more piece for each text → how likely each next one is. What was seen of the texts so far comes in, in the
 * order of before, and goes out: `parents` says which of them is gone on with.
 * @param {Uint8Array} decoder  as published
 * @param {readonly number[]} kept  the pieces that the model shall know, in their new order
 */
export function tellingModel(decoder, kept) {
  const net = new Network(new Weights(decoder, '/model/decoder/'));
  const pieces = net.input('pieces', INT64, ['rows']);
  const parents = net.input('parents', INT64, ['rows']);
  const past = net.input('past', FLOAT, ['before', 2 * LAYERS * HEADS, 'length', HEAD]);
  const keys = net.input('keys', FLOAT, [1, LAYERS * HEADS, HEAD, 'frames']);
  const values = net.input('values', FLOAT, [1, LAYERS * HEADS, 'frames', HEAD]);
  const seen = net.addSplit('Split', [net.add('Gather', [past, parents])], 2 * LAYERS, { axis: 1 });
  const soundKeys = net.addSplit('Split', [keys], LAYERS, { axis: 1 });
  const soundValues = net.addSplit('Split', [values], LAYERS, { axis: 1 });
  const turned = net.rotation(LONGEST_TEXT);
  const at = net.add('Shape', [past], { start: 2, end: 3 });
  /** @type {string[]} */
  const present = [];
  // The table of the pieces is on its side: so it is what the logits are multiplied with, and needed once.
  const all = net.weights.matrix('embed_tokens.weight');
  const table = net.constant(UINT8, [WIDTH, kept.length], onItsSide(all.bits, kept));
  const scale = net.floats(all.scales[0] ?? 0);
  const zero = net.constant(UINT8, [], all.zeros.subarray(0, 1));
  const rows = net.add('Transpose', [net.add('Gather', [table, pieces], { axis: 1 })], {
    perm: [1, 0],
  });
  let x = net.add('DequantizeLinear', [rows, scale, zero]);
  for (let layer = 0; layer < LAYERS; layer++) {
    const place = `layers.${layer}`;
    const own = ['q', 'k', 'v'].map((one) => `${place}/self_attn/${one}_proj`);
    const input = net.linear(net.normalised(x, `${place}.input_layernorm.weight`), own);
    const [q = '', k = '', v = ''] = net.addSplit(
      'Split',
      [net.shaped(input, -1, 3 * HEADS, 1, HEAD)],
      3,
      { axis: 1 },
    );
    const allKeys = net.add('Concat', [seen[2 * layer] ?? '', turned(k, at)], { axis: 2 });
    const allValues = net.add('Concat', [seen[2 * layer + 1] ?? '', v], { axis: 2 });
    present.push(allKeys, allValues);
    const onSide = net.add('Transpose', [allKeys], { perm: [0, 1, 3, 2] });
    const said = net.shaped(net.attention(turned(q, at), onSide, allValues), -1, WIDTH);
    x = net.add('Add', [x, net.linear(said, [`${place}/self_attn/dense`])]);
    const asked = net.linear(net.normalised(x, `${place}.post_attention_layernorm.weight`), [
      `${place}/encoder_attn/q_proj`,
    ]);
    const heard = net.attention(
      net.shaped(asked, -1, HEADS, 1, HEAD),
      soundKeys[layer] ?? '',
      soundValues[layer] ?? '',
    );
    x = net.add('Add', [
      x,
      net.linear(net.shaped(heard, -1, WIDTH), [`${place}/encoder_attn/dense`]),
    ]);
    const wide = net.linear(
      net.normalised(x, `${place}.final_layernorm.weight`),
      [`${place}/mlp/up_proj`],
      `${place}.mlp.up_proj.bias`,
    );
    const [value = '', gate = ''] = net.addSplit('Split', [wide], 2, { axis: -1 });
    const open = net.add('Mul', [net.add('ms.QuickGelu', [gate], { alpha: { float: 1 } }), value]);
    x = net.add('Add', [
      x,
      net.linear(open, [`${place}/mlp/down_proj`], `${place}.mlp.down_proj.bias`),
    ]);
  }
  const last = net.normalised(x, 'norm.weight');
  const logits = net.add('ms.DynamicQuantizeMatMul', [last, table, scale, zero]);
  net.output('logits', logits, ['rows', kept.length]);
  net.output('present', net.add('Concat', present, { axis: 1 }), [
    'rows',
    2 * LAYERS * HEADS,
    'longer',
    HEAD,
  ]);
  return net.bytes();
}

/**
 * Rows of a table as columns.
 * @param {Uint8Array} bits
 * @param {readonly number[]} kept
 */
function onItsSide(bits, kept) {
  const columns = new Uint8Array(WIDTH * kept.length);
  for (const [to, from] of kept.entries())
    for (let row = 0; row < WIDTH; row++)
      columns[row * kept.length + to] = bits[from * WIDTH + row] ?? 0;
  return columns;
}
