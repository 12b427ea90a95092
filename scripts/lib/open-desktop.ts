// Desktop VS Code with the package installed, in a profile of its own.
import { execFile, spawn } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { say, step } from './progress.mjs';
import { root } from './steps.ts';

/** What nobody would guess who sees the editor for the first time. */
export const firstSteps =
  'Trust the folder when the editor asks, then click the house at its left edge: that is Hob.';

/** What to open, the same for both workbenches. */
export interface Opening {
  readonly folder: string;
  /** Packages to install; without any the extension is loaded from the tree, as development does. */
  readonly packages?: readonly string[];
  /** Folder for settings, extensions and state of the workbench. */
  readonly place: string;
}

/** Resolves when its window is closed. @param code the `code` command */
export async function openDesktop(
  code: string,
  { folder, packages = [], place }: Opening,
): Promise<void> {
  const profile = [
    `--user-data-dir=${path.join(place, 'desktop')}`,
    `--extensions-dir=${path.join(place, 'desktop-extensions')}`,
  ];
  const shell = process.platform === 'win32';
  if (packages.length === 0) profile.push(`--extensionDevelopmentPath=${root}`);
  else {
    const install = packages.flatMap((file) => ['--install-extension', file]);
    await step('Installing Hob into VS Code', () =>
      promisify(execFile)(code, [...profile, ...install, '--force'], { shell }),
    );
  }
  say(`\nVS Code opens now. ${firstSteps}\nThis command ends when its window is closed.`);
  const child = spawn(code, [...profile, '--new-window', '--wait', folder], {
    stdio: 'inherit',
    shell,
  });
  process.on('SIGINT', () => child.kill('SIGINT'));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
}
