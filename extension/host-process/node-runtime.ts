// Which Node runs the host: the one inside the editor, or the one the person names. The host keeps its
// events in node:sqlite, so a Node without it is refused here, in words, before anything is started.
import { execFile } from 'node:child_process';
import { isBuiltin } from 'node:module';
import * as path from 'node:path';

export type NodeRuntime = { ok: true; nodePath: string } | { ok: false; message: string };

const CHECK_MS = 10_000;
const advice = 'Set hob.host.nodePath to a Node 22.13 or newer, then run "Hob: Restart Host".';

/**
 * @param configured `hob.host.nodePath`; empty for the editor's own Node (Electron on the desktop,
 *   which stands in for Node with ELECTRON_RUN_AS_NODE; schema/client sets that)
 */
export async function findNode(configured: string): Promise<NodeRuntime> {
  if (configured === '') return editorsNode();
  if (!path.isAbsolute(configured)) {
    return { ok: false, message: `hob.host.nodePath must be an absolute path. ${advice}` };
  }
  const answer = await ask(configured);
  return answer === 'sqlite'
    ? { ok: true, nodePath: configured }
    : { ok: false, message: `${configured} ${answer} ${advice}` };
}

function editorsNode(): NodeRuntime {
  if (isBuiltin('node:sqlite')) return { ok: true, nodePath: process.execPath };
  return {
    ok: false,
    message: `The Node inside this editor (${process.version}) has no node:sqlite. ${advice}`,
  };
}

/** "sqlite" when that program is a Node that has it, else what is wrong with it. */
function ask(nodePath: string): Promise<string> {
  const script =
    "try{require('node:sqlite');console.log('sqlite')}catch{console.log(process.version)}";
  return new Promise((resolve) => {
    execFile(
      nodePath,
      ['-e', script],
      { timeout: CHECK_MS, windowsHide: true },
      (error, stdout) => {
        const answer = stdout.trim();
        if (error !== null) resolve('is not a Node that runs.');
        else if (answer === 'sqlite') resolve('sqlite');
        else resolve(`is Node ${answer}, which has no node:sqlite.`);
      },
    );
  });
}
