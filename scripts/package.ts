// npm run package: one .vsix a platform into dist/, and one for all of them with the model that hears in noise. What
// is native is only in the package of a platform that it was made for; without it everything works but what needs it,
// and Hob says so.
//
//   node scripts/package.ts [--target linux-x64|…|current]
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { stageHearing } from './lib/hearing-package.ts';
import { copyNatives } from './lib/natives.mjs';
import { say } from './lib/progress.mjs';
import { root } from './lib/steps.ts';
import { toolEntry } from './lib/tool-table.mjs';
import { hearingPath, vsixPath, vsixTargets } from './lib/vsix.ts';

/** The promise of the design: everything, voice with its models included. */
const limitBytes = 35_000_000;
/** What goes in beside the native packages. */
const shipped = [
  'package.json',
  'README.md',
  'LICENSE',
  'dist/*.{js,css,ttf,br}',
  'dist/THIRD-PARTY-NOTICES.txt',
  'media/**',
  'host/voice/model/**',
];

function chosenTargets(argv: readonly string[]): readonly string[] {
  const at = argv.indexOf('--target');
  if (at === -1) return vsixTargets;
  const name = argv[at + 1] ?? '';
  const target = name === 'current' ? `${process.platform}-${process.arch}` : name;
  if (!vsixTargets.includes(target)) {
    throw new Error(`no package for ${target}; there are ${vsixTargets.join(', ')}`);
  }
  return [target];
}

/** A folder with exactly what the package holds. */
function stage(target: string, folder: string): void {
  for (const file of globSync(shipped, { cwd: root }))
    cpSync(path.join(root, file), path.join(folder, file), { recursive: true });
  // The packer leaves out a node_modules at the top; the bundles find this one just as well.
  const missing = copyNatives(root, target, path.join(folder, 'dist/node_modules'));
  if (missing.length > 0)
    say(`  ${target} goes without ${missing.join(', ')}: not made for it here`);
}

function packOne(target: string): void {
  pack(vsixPath(target), (folder) => stage(target, folder), ['--target', target]);
}

/** Packs what `fill` puts into a folder. */
function pack(file: string, fill: (folder: string) => void, options: readonly string[]): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'hob-package-'));
  try {
    fill(folder);
    runPacker(file, folder, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const size = statSync(file).size;
  if (size > limitBytes) throw new Error(`${file} is ${size} bytes, more than ${limitBytes}`);
  say(`  ${(size / 1024).toFixed(0)} kB  ${path.relative(root, file)}`);
}

function runPacker(file: string, folder: string, options: readonly string[]): void {
  const vsce = toolEntry('vsce');
  if (vsce === undefined) {
    throw new Error('the packer is not installed; run: node scripts/bootstrap.mjs --with vsce');
  }
  const licence = existsSync(path.join(root, 'LICENSE')) ? [] : ['--skip-license'];
  execFileSync(
    process.execPath,
    [vsce, 'package', '--no-dependencies', '--allow-missing-repository', ...licence].concat([
      // The pictures of the README lie in the repository, which has no public address yet.
      '--no-rewrite-relative-links',
      ...options,
      '--out',
      file,
    ]),
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' },
  );
}

function requireBuilt(): void {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    main?: string;
  };
  if (!manifest.main) throw new Error('package.json names no "main": not an extension');
  const missing = [manifest.main, 'dist/host.js', 'dist/panel.js'].filter(
    (file) => !existsSync(path.join(root, file)),
  );
  if (missing.length > 0) throw new Error(`not built: ${missing.join(', ')}; run npm run build`);
}

requireBuilt();
for (const target of chosenTargets(process.argv.slice(2))) packOne(target);
pack(hearingPath, stageHearing, []);
