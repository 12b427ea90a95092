// `hob` in the terminals of this editor: whoever installed the package has the command line with it.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { batchScript, shellScript, type HobProgram } from './hob-script.ts';

/**
 * Writes the program that starts it, and puts its folder at the end of the PATH of new terminals: a `hob` that
 * the person has already comes first. Nothing where the terminals are on another machine than this extension.
 */
export async function offerHobCommand(
  {
    environmentVariableCollection: terminals,
    extension,
    globalStorageUri,
  }: vscode.ExtensionContext,
  program: HobProgram,
): Promise<void> {
  if (vscode.env.remoteName !== undefined && extension.extensionKind === vscode.ExtensionKind.UI) {
    terminals.clear();
    return;
  }
  const folder = path.join(globalStorageUri.fsPath, 'bin');
  await mkdir(folder, { recursive: true });
  await write(path.join(folder, 'hob'), shellScript(program));
  if (process.platform === 'win32') await write(path.join(folder, 'hob.cmd'), batchScript(program));
  terminals.description = 'Finds `hob`, the command line of Hob.';
  terminals.append('PATH', path.delimiter + folder, {
    applyAtProcessCreation: true,
    applyAtShellIntegration: true,
  });
}

/** At once or not at all: another window may start it meanwhile. */
async function write(file: string, text: string): Promise<void> {
  const now = await readFile(file, 'utf8').catch(() => null);
  if (now === text) return;
  const next = `${file}.${process.pid}`;
  await writeFile(next, text, { mode: 0o755 });
  await rename(next, file);
}
