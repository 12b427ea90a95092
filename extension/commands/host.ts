// The host itself: log, diagnostics, restart.
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { hostFiles } from '#schema/client/data-dir.ts';
import { collectDiagnosis } from '../diagnosis/collect.ts';
import { showDiagnosis } from '../diagnosis/page.ts';
import type { CommandContext, Commands } from './ports.ts';

export function hostCommands(context: CommandContext): Commands {
  const { host, log, dataDir, panel } = context;
  return {
    showPanel: () => panel.showCard(),
    openLog: async () => {
      const { log: file } = hostFiles(dataDir());
      log.show(true);
      if (existsSync(file)) await vscode.window.showTextDocument(vscode.Uri.file(file));
    },
    diagnose: async () => showDiagnosis(await collectDiagnosis(context)),
    restartHost: () =>
      vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title: 'Hob: restarting the host' },
        () => host.restart(),
      ),
    openWalkthrough: () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', 'hob.hob#start', false),
  };
}
