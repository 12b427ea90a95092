import * as vscode from 'vscode';
import { describeFailure } from '#schema/client/errors.ts';
import { runDemoAgent } from '../demo/demo-agent.ts';
import type { CommandContext, Commands } from './ports.ts';

/** Starts the demo agent and shows the panel, where its card appears. The answer comes to the agent, not here. */
export function demoCommands({ panel, dataDir, log }: CommandContext): Commands {
  return {
    runDemoAgent: async () => {
      const [folder] = vscode.workspace.workspaceFolders ?? [];
      const path = folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined;
      const done = runDemoAgent({ dataDir: dataDir(), folder: path });
      await panel.showCard();
      void done.then(
        (result) => log.info(`demo agent: ${JSON.stringify(result)}`),
        (failure: unknown) => {
          const { message } = describeFailure(failure);
          void vscode.window.showErrorMessage(`Hob: the demo agent could not ask. ${message}`);
        },
      );
    },
  };
}
