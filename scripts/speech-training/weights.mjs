// @ts-check
// node scripts/speech-training/weights.mjs WORK: the published weights of Moonshine tiny as safetensors, by the places
// where the model uses them, and of its pieces those that the build keeps. → WORK/moonshine.safetensors
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import tokenizer from 'llama-tokenizer-js';
import { Weights } from '../lib/speech-graphs.mjs';
import { published, RESERVED } from '../lib/speech-model.mjs';

const LAYERS = [0, 1, 2, 3, 4, 5];
const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, published);
const built = path.join(root, 'dist/host/voice/model/moonshine/contents.json');
const [, , work = ''] = process.argv;

/** @type {Record<string, { dtype: string, shape: readonly number[], data_offsets: [number, number] }>} */
const contents = {};
/** @type {Uint8Array[]} */
const values = [];
let end = 0;

/**
 * @param {string} name
 * @param {Uint8Array | Float32Array} numbers
 * @param {readonly number[]} shape
 * @param {string} dtype
 */
function put(name, numbers, shape = [numbers.length], dtype = 'F32') {
  contents[name] = { dtype, shape, data_offsets: [end, end + numbers.byteLength] };
  values.push(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  end += numbers.byteLength;
}

/** @param {string} name @param {import('../lib/speech-graphs.mjs').Matrix} matrix */
function putMatrix(name, { rows, columns, bits, scales, zeros }) {
  put(`${name}.bits`, Uint8Array.from(bits), [rows, columns], 'U8');
  put(`${name}.scale`, scales.slice(0, 1));
  put(`${name}.zero`, zeros.slice(0, 1), [1], 'U8');
}

/**
 * @param {string} file
 * @param {string} before
 */
function model(file, before) {
  const weights = new Weights(readFileSync(path.join(folder, file)), before);
  return {
    weights,
    vectors: (/** @type {string[]} */ ...names) => {
      for (const name of names) put(`${before}${name}`, weights.floats(name));
    },
    matrices: (/** @type {string[]} */ ...places) => {
      for (const place of places) putMatrix(`${before}${place}`, weights.at(place));
    },
  };
}

const hears = model('encoder_model.onnx', '/');
put('frequencies', hears.weights.frequencies());
for (const name of ['conv1', 'conv2', 'conv3']) {
  const { dims, bytes } = hears.weights.bits(`${name}.weight`);
  put(`/${name}.weight.bits`, Uint8Array.from(bytes), dims, 'I8');
  put(`/${name}.weight.scale`, hears.weights.floats(`${name}.weight`, '_scale'));
  put(`/${name}.weight.middle`, hears.weights.floats(`${name}.weight`, '_zero_point'));
}
hears.vectors('conv2.bias', 'conv3.bias', 'onnx::Mul_1488', 'onnx::Add_1489', 'layer_norm.weight');
for (const at of LAYERS.map((layer) => `layers.${layer}`)) {
  hears.matrices(...['q_proj', 'k_proj', 'v_proj', 'dense'].map((one) => `${at}/self_attn/${one}`));
  hears.matrices(`${at}/mlp/fc1`, `${at}/mlp/fc2`);
  hears.vectors(`${at}.mlp.fc1.bias`, `${at}.mlp.fc2.bias`);
  hears.vectors(`${at}.input_layernorm.weight`, `${at}.post_attention_layernorm.weight`);
}

const tells = model('decoder_model_merged.onnx', '/model/decoder/');
for (const at of LAYERS.map((layer) => `layers.${layer}`)) {
  for (const kind of ['self_attn', 'encoder_attn'])
    tells.matrices(...['q_proj', 'k_proj', 'v_proj', 'dense'].map((one) => `${at}/${kind}/${one}`));
  tells.matrices(`${at}/mlp/up_proj`, `${at}/mlp/down_proj`);
  tells.vectors(`${at}.mlp.up_proj.bias`, `${at}.mlp.down_proj.bias`);
  tells.vectors(`${at}.input_layernorm.weight`, `${at}.post_attention_layernorm.weight`);
  tells.vectors(`${at}.final_layernorm.weight`);
}
tells.vectors('norm.weight');

const table = tells.weights.matrix('embed_tokens.weight');
/** @type {{ pieces: string[] }} */
const { pieces } = JSON.parse(readFileSync(built, 'utf8'));
const numberOf = new Map(tokenizer.vocabById.map((piece, id) => [piece, id]));
const kept = pieces.map((piece, at) => (at < RESERVED ? at : (numberOf.get(piece) ?? 0)));
const bits = new Uint8Array(kept.length * table.columns);
for (const [to, from] of kept.entries())
  bits.set(
    table.bits.subarray(from * table.columns, (from + 1) * table.columns),
    to * table.columns,
  );
putMatrix('/model/decoder/embed_tokens', { ...table, rows: kept.length, bits });

const head = Buffer.from(JSON.stringify(contents));
const length = Buffer.alloc(8);
length.writeBigUInt64LE(BigInt(head.length));
writeFileSync(path.join(work, 'moonshine.safetensors'), Buffer.concat([length, head, ...values]));
