// @ts-check
// The model of the second look and what runs it, made of what npm brings: for English only, without what is there
// twice, and with checksums. Made once; the next build finds them done.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { Adaptation } from './adaptation.mjs';
import { speechModelLicence } from './notices.mjs';
import { hearingModel, tellingModel } from './speech-graphs.mjs';

/** Where they lie in dist/. The model is a package of its own: it is as large as half of the other. */
export const modelFolder = 'host/voice/model/moonshine';
export const runtimeFile = 'onnxruntime.wasm.br';

/** Pieces of no text, and one for each byte: they keep their numbers. */
export const RESERVED = 3 + 256;

/** Where the published model lies. */
export const published = 'node_modules/@moonshine-ai/moonshine-js/dist/model/tiny/quantized';
const runtime = 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm';
const english = 'node_modules/soundswallower/model/en-us/dict.txt';
/** What the model learned of noise since it was published: scripts/speech-training. */
const noise = 'scripts/speech-training/moonshine-noise.safetensors';
/** Words that no dictionary has. */
const developers = 'host/voice/recognition/core/developer-words.ts';
/** What the model is made of. Another file is another model, with other figures: it has to be measured first. */
const inputs = {
  [`${published}/encoder_model.onnx`]:
    'c6fc4b7bc5af75c0591fd157a1f3829b533d18e9769a888fd95a62e470dd4f4a',
  [`${published}/decoder_model_merged.onnx`]:
    'eed87831c3a6103534aae7d47a5d485025c659a1323901513961c39fe8a1a367',
  [runtime]: '71aef04959c5c1b6de461b6538e2058e306610034a85aad2742d0c7fd4533fe4',
  [noise]: '151cb49c57167c5e2bde2ad42ceb82d07ea652129733cd659ff5c3249f2d1a45',
  [english]: '7510dff1727728628c105358533b7057d65ca2b718b2fb32639e6e9b32ed8f9c',
};

/** @param {Uint8Array | string} bytes */
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/**
 * Makes the files, unless they are there already.
 * @param {string} root
 * @param {string} dist
 */
export async function makeSpeechModel(root, dist) {
  const folder = path.join(dist, modelFolder);
  const contents = path.join(folder, 'contents.json');
  const words = readFileSync(path.join(root, developers), 'utf8');
  const recipe = recipeSum(words);
  if (existsSync(contents) && JSON.parse(readFileSync(contents, 'utf8')).recipe === recipe) return;
  const [encoder, decoder, wasm, lessons, dictionary] = Object.entries(inputs).map(([file, sum]) =>
    checked(path.join(root, file), sum),
  );
  if (!encoder || !decoder || !wasm || !lessons || !dictionary)
    throw new Error('the speech model lacks a file');
  const kept = await keptPieces(new TextDecoder().decode(dictionary), words);
  const files = {
    'hearing.onnx': hearingModel(encoder, decoder, new Adaptation(lessons)),
    'telling.onnx': tellingModel(
      decoder,
      kept.map(({ id }) => id),
    ),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(dist, runtimeFile), packed(wasm));
  writeFileSync(path.join(folder, 'LICENSE'), `${speechModelLicence(root)}\n`);
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(folder, name), bytes);
  const sums = Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)]),
  );
  const pieces = kept.map(({ piece }) => piece);
  // Last: what is half done is not found done.
  writeFileSync(contents, JSON.stringify({ recipe, sha256: sums, pieces }));
}

/** What the files depend on besides their inputs. @param {string} words */
function recipeSum(words) {
  const sources = ['speech-model.mjs', 'speech-graphs.mjs', 'adaptation.mjs', 'onnx.mjs'].map(
    (name) => readFileSync(path.join(import.meta.dirname, name), 'utf8'),
  );
  return sha256([...sources, words].join());
}

/**
 * @param {string} file
 * @param {string} expected
 */
function checked(file, expected) {
  const bytes = readFileSync(file);
  const found = sha256(bytes);
  if (found !== expected) throw new Error(`${file} is not the one that was tried: ${found}`);
  return bytes;
}

/** A quarter less than in a zip. The best that there is saves as much again, and takes half a minute. @param {Uint8Array} wasm */
function packed(wasm) {
  return brotliCompressSync(wasm, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 9,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length,
    },
  });
}

/**
 * The pieces that English words and those of developers are made of, and what these are joined from: a little more than
 * half. The others are of other languages and of code, and nobody says them.
 * @param {string} dictionary  a word a line, and how it is said
 * @param {string} developers  the same
 */
async function keptPieces(dictionary, developers) {
  const { default: tokenizer } = await import('llama-tokenizer-js');
  const pieces = tokenizer.vocabById;
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  const own = wordsOf(developers);
  const written = [...wordsOf(dictionary), ...own].flatMap((word) => [word, capital(word)]);
  const used = [...written, ...own.map((word) => word.toUpperCase())].flatMap((word) =>
    tokenizer.encode(word, false, true),
  );
  // Every character that a keyboard has; a space is a sign of its own.
  const typed = Array.from({ length: 95 }, (_, at) => String.fromCodePoint(32 + at));
  const single = ['▁', ...typed].flatMap((character) => ids.get(character) ?? []);
  const kept = new Set([...Array(RESERVED).keys(), ...single, ...used]);
  for (const id of kept)
    if (id >= RESERVED) for (const part of partsOf(pieces[id] ?? '', ids)) kept.add(part);
  return [...kept].toSorted((a, b) => a - b).map((id) => ({ id, piece: pieces[id] ?? '' }));
}

/** @param {string} lines */
const wordsOf = (lines) =>
  lines.split('\n').flatMap((line) => /^[a-z][a-z0-9'.-]*(?= )/.exec(line) ?? []);

/** @param {string} word */
const capital = (word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;

/**
 * What a piece is joined from, step by step.
 * @param {string} piece
 * @param {ReadonlyMap<string, number>} ids
 */
function partsOf(piece, ids) {
  const parts = Array.from(piece);
  const made = [];
  for (;;) {
    const joins = parts.slice(1).map((part, at) => ids.get(`${parts[at]}${part}`) ?? Infinity);
    const best = Math.min(...joins);
    if (best === Infinity) return made;
    const at = joins.indexOf(best);
    parts.splice(at, 2, `${parts[at]}${parts[at + 1]}`);
    made.push(best);
  }
}
