import { hookEntryEdit, serverEntryEdit } from '../json-config.ts';
import { hookCommand, mcpLaunch } from '../launch.ts';
import { OVER_MCP, type AgentSpec } from '../spec.ts';

export const claudeCodeSpec: AgentSpec = {
  agent: 'claude-code',
  executable: 'claude',
  configFolder: '.claude',
  configVariable: 'CLAUDE_CONFIG_DIR',
  covered: [
    'every tool that Claude Code runs: shell, files, web, sub-agents',
    'tools of other MCP servers',
    OVER_MCP,
  ],
  notCovered: [
    'before version 2.1.295 a hook that cannot start or times out lets the call go on (onFailure is not known there)',
    'files attached with @ are read without a hook',
    'your own deny and ask rules still apply after Hob says yes',
  ],
  notes: ['Sessions that are open already read the new settings when they start again.'],
  edits: (launch, { home, configDir, join }) => [
    hookEntryEdit(join(configDir, 'settings.json'), {
      event: 'PreToolUse',
      agent: 'claude-code',
      commandIn: 'hooks',
      entry: {
        matcher: '*',
        hooks: [
          {
            type: 'command',
            command: hookCommand(launch, 'claude-code'),
            timeout: 600,
            onFailure: 'block',
          },
        ],
      },
    }),
    serverEntryEdit(
      // The file lies beside the default folder, but inside one that was moved.
      configDir === join(home, '.claude')
        ? join(home, '.claude.json')
        : join(configDir, '.claude.json'),
      { type: 'stdio', ...mcpLaunch(launch, 'claude-code') },
    ),
  ],
};
