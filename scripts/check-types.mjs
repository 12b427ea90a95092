// @ts-check
// Types, once per environment: each project sees only the libraries that its files will have when they
// run, so a file that reaches for more fails to compile. Projects of one folder also serve the editor.
import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { say } from './lib/progress.mjs';

const root = path.resolve(import.meta.dirname, '..');
const tsc = path.join(root, 'node_modules/@typescript/native/bin/tsc');
const projects = [
  'tsconfig.pure.json',
  'schema/tsconfig.json',
  'host/tsconfig.json',
  'extension/tsconfig.json',
  'webview-ui/tsconfig.json',
  'test/tsconfig.json',
  'scripts/tsconfig.json',
];

/**
 * Checks one project and says how many of our files that were: none is a failure.
 * @param {string} project
 */
function check(project) {
  const info = path.join(root, '.cache/types', `${project.replaceAll('/', '-')}.tsbuildinfo`);
  const args = ['-p', project, '--listFiles', '--incremental', '--tsBuildInfoFile', info];
  const result = spawnSync(process.execPath, [tsc, ...args, '--pretty', 'false'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const lines = (result.stdout + result.stderr).split('\n');
  const files = lines.filter((line) => path.isAbsolute(line) && !line.includes('node_modules'));
  const errors = lines.filter((line) => line !== '' && !path.isAbsolute(line));
  const passed = result.status === 0 && files.length > 0;
  say(`${passed ? ' ' : '✗'} ${project}: ${files.length} files`);
  if (!passed) say(errors.join('\n'));
  return passed;
}

const wanted = process.argv.slice(2);
const chosen =
  wanted.length === 0
    ? projects
    : projects.filter((one) => wanted.some((name) => one.includes(name)));
let failed = chosen.length === 0;
for (const project of chosen) failed = !check(project) || failed;
process.exitCode = failed ? 1 : 0;
