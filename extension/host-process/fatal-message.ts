// A host that does not start is said once, with what can be done about it.
import * as vscode from 'vscode';
import type { Host } from './host.ts';

const actions: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  'Try Again': ['hob.restartHost'],
  Diagnose: ['hob.diagnose'],
  'Open Log': ['hob.openLog'],
};
const chooseNode = 'Choose Node';
const updateHob = 'Check for Updates';

/** Tells the person when the host has ended for good; the panel and the status bar show it all the time. */
export function tellWhenFatal(host: Host): vscode.Disposable {
  return host.onDidChangeState(async ({ kind, detail }) => {
    if (kind !== 'fatal' && kind !== 'incompatible') return;
    const isNode = detail?.includes('hob.host.nodePath') ?? false;
    const extra = kind === 'incompatible' ? [updateHob] : isNode ? [chooseNode] : [];
    const text = `Hob: ${detail ?? 'the host does not start.'}`;
    const choice = await vscode.window.showErrorMessage(text, ...extra, ...Object.keys(actions));
    if (choice === undefined) return;
    const [command, ...args] =
      choice === chooseNode
        ? ['workbench.action.openSettings', 'hob.host.nodePath']
        : choice === updateHob
          ? ['workbench.extensions.action.checkForUpdates']
          : (actions[choice] ?? ['hob.diagnose']);
    await vscode.commands.executeCommand(command ?? 'hob.diagnose', ...args);
  });
}
