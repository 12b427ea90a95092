// @ts-check
// The licences of everything that was bundled, read from the packages themselves: what esbuild took in is
// what we ship, so the list cannot forget one.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import * as path from 'node:path';

/**
 * Folder of the package that a bundled file belongs to, or undefined for a file of ours.
 * @param {string} input  path as esbuild reports it, relative to the root
 */
function packageDir(input) {
  const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  return found?.[1];
}

/** @param {string} holder */
const mit = (holder) => `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation
the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and
to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of
the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO
THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS
IN THE SOFTWARE.`;

/**
 * Licences of packages that name theirs and leave its text out.
 * @type {Record<string, string>}
 */
const withoutText = { 'onnxruntime-web': mit('Microsoft Corporation') };

/**
 * The licence of the speech model: of what its makers publish, only the English model and the code are under it.
 * @param {string} root
 */
export function speechModelLicence(root) {
  const file = path.join(root, 'node_modules/@moonshine-ai/moonshine-js/LICENSE');
  const [, text] = /(MIT License.*?)\n+SECTION 2/s.exec(readFileSync(file, 'utf8')) ?? [];
  if (text === undefined) throw new Error(`${file} says something else than it did`);
  return text.trim();
}

/** @param {string} dir */
function licenceText(dir) {
  const file = readdirSync(dir).find((name) => /^(licen[cs]e|copying)(\.|$)/i.test(name));
  return file === undefined ? undefined : readFileSync(path.join(dir, file), 'utf8').trim();
}

/**
 * The text of THIRD-PARTY-NOTICES.txt.
 * @param {string} root
 * @param {readonly string[]} inputs  what esbuild bundled, and files that were copied
 */
export function thirdPartyNotices(root, inputs) {
  const dirs = [...new Set(inputs.map(packageDir).filter((dir) => dir !== undefined))].toSorted();
  const sections = dirs.map((relative) => {
    const dir = path.join(root, relative);
    if (!existsSync(path.join(dir, 'package.json')))
      throw new Error(`${relative} has no package.json`);
    const { name, version, license } = JSON.parse(
      readFileSync(path.join(dir, 'package.json'), 'utf8'),
    );
    const text = licenceText(dir) ?? withoutText[name];
    if (text === undefined && license === undefined) throw new Error(`${name} states no licence`);
    return `${name} ${version} (${license})\n\n${text ?? 'No licence text in the package.'}\n`;
  });
  const intro = 'Hob contains the following packages, each under its own licence.\n';
  const model = readFileSync(path.join(root, 'host/voice/model/en-us/LICENSE'), 'utf8').trim();
  sections.push(`Acoustic model cmusphinx-en-us-ptm 5.2 (BSD-2-Clause)\n\n${model}\n`);
  const speech = speechModelLicence(root);
  sections.push(`Speech model Moonshine tiny, English (MIT), where it is installed\n\n${speech}\n`);
  return [intro, ...sections].join(`\n${'-'.repeat(80)}\n\n`);
}
