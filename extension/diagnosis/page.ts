import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { diagnosisHtml, recoveryCommands, type Diagnosis } from './html.ts';

/** Shows the page in an editor tab. */
export function showDiagnosis(diagnosis: Diagnosis): void {
  const panel = vscode.window.createWebviewPanel(
    'hob.diagnosis',
    'Hob: Diagnose',
    vscode.ViewColumn.Active,
    { enableScripts: false, enableCommandUris: recoveryCommands.map(([command]) => command) },
  );
  panel.webview.html = diagnosisHtml(diagnosis, randomBytes(18).toString('base64url'));
}
