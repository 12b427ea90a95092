import * as vscode from 'vscode';
import type { JsonObject } from '#schema/envelope/json.ts';
import { describeFailure } from '#schema/client/errors.ts';
import { runDemoAgent } from '../demo/demo-agent.ts';
import type { CommandContext, Commands } from './ports.ts';

const refused =
  'Hob: the demo agent was refused without a card. The panel says why: the kill switch, a pause, or a folder that is not trusted.';

/** Refused by a rule, and not by the person: then there never was a card. */
function isRefused(result: JsonObject): boolean {
  const { status, approval_id: card } = (result['structuredContent'] ?? {}) as JsonObject;
  return status === 'denied' && (card === null || card === undefined);
}

/** Starts the demo agent and shows the panel, where its card appears. The answer comes to the agent, not here. */
export function demoCommands({ panel, dataDir, log }: CommandContext): Commands {
  return {
    runDemoAgent: async () => {
      const [folder] = vscode.workspace.workspaceFolders ?? [];
      const path = folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined;
      const done = runDemoAgent({ dataDir: dataDir(), folder: path });
      await panel.showCard();
      void done.then(
        (result) => {
          log.info(`demo agent: ${JSON.stringify(result)}`);
          if (isRefused(result)) void vscode.window.showWarningMessage(refused);
        },
        (failure: unknown) => {
          const { message } = describeFailure(failure);
          void vscode.window.showErrorMessage(`Hob: the demo agent could not ask. ${message}`);
        },
      );
    },
  };
}
