import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Launch } from '#host/agents/core/connect/launch.ts';

/** Where the parts of this very build lie: bundles in dist/, or the sources when they run directly. */
export interface ThisProgram {
  /** Module of the verification thread. */
  verifyWorker: URL;
  /** How an agent starts the hook and the MCP bridge of this build. */
  launch(dataDir: string): Launch;
}

/** `moduleUrl` is the URL of a module in `host/runtime/`, or of the host's bundle. */
export function thisProgram(moduleUrl: string = import.meta.url): ThisProgram {
  const isBundle = moduleUrl.endsWith('.js');
  const at = (bundled: string, source: string): string =>
    fileURLToPath(new URL(isBundle ? bundled : source, moduleUrl));
  const hook = isBundle ? at('./hook.js', '') : at('', '../cli/hook-main.ts');
  return {
    verifyWorker: new URL(isBundle ? './verify.worker.js' : './verify.worker.ts', moduleUrl),
    launch: (dataDir) => ({
      node: process.execPath,
      hook: isBundle && !existsSync(hook) ? [at('./hob.js', ''), 'hook'] : [hook],
      mcp: [at('./hob.js', '../cli/main.ts'), 'mcp'],
      options: ['--data-dir', dataDir],
      // In desktop VS Code the executable is Electron.
      ...(process.versions['electron'] === undefined ? {} : { env: { ELECTRON_RUN_AS_NODE: '1' } }),
      windows: process.platform === 'win32',
    }),
  };
}
