// npm start: builds the package, where it is older than the tree, and opens a workbench with Hob installed: desktop VS Code when `code` is
// on PATH, else code-server in the browser. Either has folders of its own, so that the person's editor
// stays as it is. Ctrl-C ends it.
//
//   npm start [-- FOLDER]
import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { ensureTools } from './lib/install.mjs';
import { say, step } from './lib/progress.mjs';
import { openCodeServer } from './lib/open-code-server.ts';
import { openDesktop } from './lib/open-desktop.ts';
import { isPackaged } from './lib/packaged.ts';
import { root } from './lib/steps.ts';
import { findProgram, toolsDir } from './lib/tool-table.mjs';
import { hearingPath, vsixPath } from './lib/vsix.ts';

const run = promisify(execFile);
const script = (name: string): string => path.join(root, 'scripts', name);

/** npm runs scripts in the project; a folder is meant from where the person stands. */
function chosenFolder(): string {
  const given = process.argv[2];
  return given === undefined ? root : path.resolve(process.env['INIT_CWD'] ?? root, given);
}

async function main(): Promise<void> {
  const code = findProgram(['code']);
  const todo = await ensureTools(code === undefined ? ['vsce', 'code-server'] : ['vsce']);
  if (todo !== undefined) throw new Error(todo);
  if (!isPackaged()) {
    await step('Building', () => run(process.execPath, [script('build.mjs')], { cwd: root }));
    await step('Packaging', () =>
      run(process.execPath, [script('package.ts'), '--target', 'current'], { cwd: root }),
    );
  }
  const opening = {
    folder: chosenFolder(),
    packages: [vsixPath(), hearingPath],
    place: path.join(toolsDir(), 'start'),
  };
  if (code !== undefined) return openDesktop(code, opening);
  return openCodeServer(opening);
}

try {
  await main();
} catch (error) {
  say(`\n✗ ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
