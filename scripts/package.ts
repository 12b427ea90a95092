// npm run package: one .vsix a platform into dist/. Everything in it is plain JavaScript today, so the
// packages differ in their target only; native addons will make them differ.
//
//   node scripts/package.ts [--target linux-x64|…|current]
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { say } from './lib/progress.mjs';
import { root } from './lib/steps.ts';
import { vsixPath, vsixTargets } from './lib/vsix.ts';

/** The promise of the design: code of the extension, host and panel together. */
const codeLimitBytes = 2 * 1024 * 1024;

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

function packOne(target: string): void {
  const file = vsixPath(target);
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const licence = existsSync(path.join(root, 'LICENSE')) ? [] : ['--skip-license'];
  execFileSync(
    process.execPath,
    [vsce, 'package', '--no-dependencies', '--allow-missing-repository', ...licence].concat([
      // The pictures of the README lie in the repository, which has no public address yet.
      '--no-rewrite-relative-links',
      '--target',
      target,
      '--out',
      file,
    ]),
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' },
  );
  const size = statSync(file).size;
  if (size > codeLimitBytes)
    throw new Error(`${file} is ${size} bytes, more than ${codeLimitBytes}`);
  say(`  ${(size / 1024).toFixed(0)} kB  ${path.relative(root, file)}`);
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
