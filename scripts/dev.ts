// npm run dev: rebuilds on every change and opens a workbench that loads the extension from the tree.
// After a change, "Developer: Reload Window" shows it.
//
//   npm run dev [-- FOLDER]
import { execFileSync, spawn } from 'node:child_process';
import * as path from 'node:path';
import { ensureTools } from './lib/install.mjs';
import { openCodeServer } from './lib/open-code-server.ts';
import { openDesktop } from './lib/open-desktop.ts';
import { root } from './lib/steps.ts';
import { findProgram, toolsDir } from './lib/tool-table.mjs';

const build = path.join(root, 'scripts/build.mjs');
execFileSync(process.execPath, [build], { cwd: root, stdio: 'inherit' });
const watcher = spawn(process.execPath, [build, '--watch'], { cwd: root, stdio: 'inherit' });
try {
  const folder = path.resolve(process.env['INIT_CWD'] ?? root, process.argv[2] ?? root);
  const opening = { folder, place: path.join(toolsDir(), 'dev') };
  const code = findProgram(['code']);
  if (code !== undefined) await openDesktop(code, opening);
  else {
    const todo = await ensureTools(['code-server']);
    if (todo !== undefined) throw new Error(todo);
    await openCodeServer(opening);
  }
} finally {
  watcher.kill('SIGTERM');
}
