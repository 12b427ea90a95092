import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { diagnosisHtml, recoveryCommands, type Diagnosis } from './html.ts';

let shown: vscode.WebviewPanel | undefined;

/** Shows the page in an editor tab, which is used again while it is open. */
export function showDiagnosis(diagnosis: Diagnosis): void {
  const panel = (shown ??= newPage());
  panel.webview.html = diagnosisHtml(diagnosis, randomBytes(18).toString('base64url'));
  panel.reveal();
}

function newPage(): vscode.WebviewPanel {
  const panel = vscode.window.createWebviewPanel(
    'hob.diagnosis',
    'Hob: Diagnose',
    vscode.ViewColumn.Active,
    { enableScripts: false, enableCommandUris: recoveryCommands.map(([command]) => command) },
  );
  panel.onDidDispose(() => (shown = undefined));
  return panel;
}
