import { ownFileEdit } from '../json-config.ts';
import { hookCommand } from '../launch.ts';
import type { AgentSpec } from '../spec.ts';

export const vscodeSpec: AgentSpec = {
  agent: 'vscode',
  executable: 'code',
  configFolder: '.copilot',
  configVariable: 'COPILOT_HOME',
  covered: [
    'tools of agent sessions in VS Code with the Copilot or the Local harness (Preview)',
    'Copilot CLI, which reads the same file',
    "Hob's tools over MCP, through the extension",
  ],
  notCovered: [
    'sessions of the Claude and Codex harness: connect those agents themselves',
    "an unanswered call goes on to VS Code's own prompt after 600 s if Hob's hook was killed",
    'sessions in the cloud',
    'organisations can switch hooks off',
  ],
  notes: [
    'Hooks in VS Code are a preview; their format may change. Hob has this from the documentation and has not run it with a signed-in Copilot.',
  ],
  edits: (launch, { configDir, join }) => [
    ownFileEdit(join(configDir, 'hooks', 'hob.json'), {
      version: 1,
      hooks: {
        PreToolUse: [{ type: 'command', command: hookCommand(launch, 'vscode'), timeout: 600 }],
      },
    }),
  ],
};
