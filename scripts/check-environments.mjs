// @ts-check
// What must not reach for more than it will have when it runs compiles in a project that knows nothing
// else: the pure core anywhere, the panel in a browser. All other types are checked with the lint, each
// file once, in the project of its folder.
import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { say } from './lib/progress.mjs';

const root = path.resolve(import.meta.dirname, '..');
const tsc = path.join(root, 'node_modules/@typescript/native/bin/tsc');
const projects = ['tsconfig.pure.json', 'tsconfig.panel.json'];

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

let failed = false;
for (const project of projects) failed = !check(project) || failed;
process.exitCode = failed ? 1 : 0;
