import { hookEntryEdit, serverEntryEdit } from '../json-config.ts';
import { hookCommand, mcpLaunch } from '../launch.ts';
import { OVER_MCP, type AgentSpec } from '../spec.ts';

export const cursorSpec: AgentSpec = {
  agent: 'cursor',
  executable: 'cursor',
  configFolder: '.cursor',
  covered: [
    'every tool of the agent: shell, files, search, sub-agents',
    'tools of other MCP servers',
    OVER_MCP,
    'a hook that fails, says nothing or runs out of time stops the call (failClosed)',
  ],
  notCovered: [
    'completions as you type (Tab)',
    'background agents in the cloud',
    "versions without the preToolUse hook: then Hob's hook is never heard",
  ],
  notes: [
    "Cursor does not tell its hook which server a tool belongs to, so a tool of Hob's own is asked about in the hook as well.",
    'Hob has this from the documentation and has not run it with a signed-in Cursor.',
  ],
  edits: (launch, { configDir, join }) => [
    hookEntryEdit(join(configDir, 'hooks.json'), {
      event: 'preToolUse',
      agent: 'cursor',
      commandIn: 'command',
      top: { version: 1 },
      entry: { command: hookCommand(launch, 'cursor'), timeout: 600, failClosed: true },
    }),
    serverEntryEdit(join(configDir, 'mcp.json'), mcpLaunch(launch, 'cursor')),
  ],
};
