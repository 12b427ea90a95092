import { hookEntryEdit, serverEntryEdit } from '../json-config.ts';
import { hookCommand, mcpLaunch } from '../launch.ts';
import { OVER_MCP, type AgentSpec } from '../spec.ts';

/**
 * The hook goes into the CLI's own settings: files in `~/.copilot/hooks` are read by VS Code too,
 * whose payloads are another dialect.
 */
export const copilotCliSpec: AgentSpec = {
  agent: 'copilot-cli',
  executable: 'copilot',
  configFolder: '.copilot',
  configVariable: 'COPILOT_HOME',
  covered: [
    'every tool of Copilot CLI: shell, files, web, sub-agents',
    'tools of other MCP servers',
    OVER_MCP,
    'a hook that fails stops the call',
  ],
  notCovered: [
    'a hook that runs out of time after 600 s: the call goes on',
    'the coding agent in the cloud',
    'organisations and repositories can switch hooks off',
  ],
  notes: ['Sessions that are open already read the new settings when they start again.'],
  edits: (launch, { configDir, join }) => [
    hookEntryEdit(join(configDir, 'settings.json'), {
      event: 'preToolUse',
      agent: 'copilot-cli',
      commandIn: launch.windows ? 'command' : 'bash',
      entry: {
        type: 'command',
        [launch.windows ? 'command' : 'bash']: hookCommand(launch, 'copilot-cli'),
        timeoutSec: 600,
      },
    }),
    serverEntryEdit(join(configDir, 'mcp-config.json'), {
      type: 'local',
      ...mcpLaunch(launch, 'copilot-cli'),
      tools: ['*'],
    }),
  ],
};
