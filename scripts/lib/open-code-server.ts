// code-server on loopback with the package installed, until Ctrl-C.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { installPackages, preparePlace, startCodeServer } from './code-server.ts';
import type { CodeServer } from './code-server.ts';
import { openDoor } from './door.ts';
import { firstSteps, type Opening } from './open-desktop.ts';
import { say, step } from './progress.mjs';
import { root } from './steps.ts';
import { findProgram } from './tool-table.mjs';

/** Only for the first start; afterwards they are the person's. */
const firstSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  // Otherwise code-server opens a new folder in Restricted Mode without a question, and nothing may run.
  'security.workspace.trust.startupPrompt': 'always',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
};

function openInBrowser(address: string): void {
  const opener = process.platform === 'darwin' ? findProgram(['open']) : findProgram(['xdg-open']);
  const hasScreen =
    process.platform === 'darwin' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  // Best effort: the address is printed anyway.
  if (opener !== undefined && hasScreen) execFile(opener, [address], () => undefined);
}

/** What the workbench opens; 'remote' is the authority of code-server's own machine. */
function query(folder: string, isInstalled: boolean): Record<string, string> {
  if (isInstalled) return { folder };
  const payload = [['extensionDevelopmentPath', `vscode-remote://remote${root}`]];
  return { folder, payload: JSON.stringify(payload) };
}

/** Resolves when the person ends it or the server ends by itself. */
function untilEnded(server: CodeServer): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve());
    server.process.once('exit', () => resolve());
  });
}

/** Opens the workbench and resolves after it was ended, with everything it started. */
export async function openCodeServer(opening: Opening): Promise<void> {
  const { folder, packages = [], place: placeDir } = opening;
  const place = preparePlace(placeDir, firstSettings);
  const isInstalled = packages.length > 0;
  if (isInstalled) {
    await step('Installing Hob into the workbench', () => installPackages(place, packages));
  }
  // Other users of this machine can reach a loopback port too, and whoever opens the workbench can run
  // commands and answer approvals. So it asks for a password, which the printed address hands over.
  const password = randomBytes(16).toString('base64url');
  const server = await step('Starting the workbench', () => startCodeServer({ place, password }));
  const ended = untilEnded(server);
  try {
    const door = await openDoor({
      server: server.url,
      password,
      query: query(folder, isInstalled),
    });
    say(`\nHob is open at\n\n    ${door.address}\n\n${firstSteps}\nCtrl-C ends it.`);
    openInBrowser(door.address);
    await ended;
    say('\nStopping…');
    door.close();
    if (server.process.exitCode !== null) say(server.log().slice(-2000));
  } finally {
    await server.stop();
  }
}
