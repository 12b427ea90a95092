import { editsOfOneFile } from '../edit.ts';
import { HOOK_NAME, hookEntryEdit, serverEntryEdit } from '../json-config.ts';
import { hookCommand, mcpLaunch } from '../launch.ts';
import { OVER_MCP, type AgentSpec } from '../spec.ts';

/** Gemini CLI counts a hook's time in milliseconds. */
const TIMEOUT_MS = 600_000;

export const geminiSpec: AgentSpec = {
  agent: 'gemini',
  executable: 'gemini',
  configFolder: '.gemini',
  homeVariable: 'GEMINI_CLI_HOME',
  covered: [
    'every built-in tool of Gemini CLI: shell, files, web',
    'tools of other MCP servers',
    OVER_MCP,
  ],
  notCovered: [
    'gemini --acp (editors that drive it) runs no hook at all',
    'a hook that Gemini CLI cannot start or that runs out of time: it then runs the tool',
    "Gemini CLI's own prompts still come after Hob says yes, except with --approval-mode yolo",
  ],
  notes: ['Sessions that are open already read the new settings when they start again.'],
  edits: (launch, { configDir, join }) => {
    const path = join(configDir, 'settings.json');
    const hook = hookEntryEdit(path, {
      event: 'BeforeTool',
      agent: 'gemini',
      commandIn: 'hooks',
      entry: {
        matcher: '.*',
        hooks: [
          {
            name: HOOK_NAME,
            type: 'command',
            command: hookCommand(launch, 'gemini'),
            timeout: TIMEOUT_MS,
          },
        ],
      },
    });
    // Hob asks by itself when one of its tools is called: a second prompt would ask twice.
    const server = { ...mcpLaunch(launch, 'gemini'), timeout: TIMEOUT_MS, trust: true };
    return [editsOfOneFile(path, [hook, serverEntryEdit(path, server)])];
  },
};
