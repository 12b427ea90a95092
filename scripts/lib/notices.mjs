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
    const text = licenceText(dir);
    if (text === undefined && license === undefined) throw new Error(`${name} states no licence`);
    return `${name} ${version} (${license})\n\n${text ?? 'No licence text in the package.'}\n`;
  });
  const intro = 'Hob contains the following packages, each under its own licence.\n';
  const model = readFileSync(path.join(root, 'host/voice/model/en-us/LICENSE'), 'utf8').trim();
  sections.push(`Acoustic model cmusphinx-en-us-ptm 5.2 (BSD-2-Clause)\n\n${model}\n`);
  return [intro, ...sections].join(`\n${'-'.repeat(80)}\n\n`);
}
