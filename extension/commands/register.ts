import * as vscode from 'vscode';
import { describeFailure } from '#schema/client/errors.ts';
import type { Commands } from './ports.ts';

/** Registers each as `hob.<name>`; a failure becomes a sentence for the person and goes on to the caller. */
export function registerCommands(
  commands: Commands,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const registered = Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(`hob.${name}`, async (...args: unknown[]) => {
      try {
        return await run(...args);
      } catch (failure) {
        const { code, message } = describeFailure(failure);
        log.error(`hob.${name}: ${code}: ${message}`);
        void vscode.window.showErrorMessage(`Hob: ${message}`);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}
