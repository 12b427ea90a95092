import type { HookedAgent } from '../hook-request.ts';
import { codexConfigEdit } from './codex-config.ts';
import type { ConfigEdit } from './edit.ts';
import { hookEntryEdit, jsonValueEdit, ownFileEdit } from './json-config.ts';
import { hookCommand, mcpLaunch, type Launch } from './launch.ts';
import { asList, asText } from '../fields.ts';

/** Where things are on this machine. Environment variables that move an agent's folder are resolved already. */
export interface AgentPlaces {
  readonly home: string;
  /** `CODEX_HOME`, `CLAUDE_CONFIG_DIR`, `COPILOT_HOME`, or the default below the home folder. */
  readonly configDir: string;
  readonly join: (...parts: readonly string[]) => string;
}

/** What Hob knows about connecting one agent, and says about it. */
export interface AgentSpec {
  readonly agent: HookedAgent;
  readonly display: string;
  readonly executable: string;
  readonly configFolder: string;
  readonly configVariable: string;
  readonly covered: readonly string[];
  readonly notCovered: readonly string[];
  readonly notes: readonly string[];
  edits(launch: Launch, places: AgentPlaces): readonly ConfigEdit[];
}

const isOurServer = (value: { readonly [key: string]: unknown }): boolean => {
  const args = asList(value['args'] as never).map((item) => asText(item) ?? '');
  return args.includes('--as') && args.some((arg) => /(?:^|[\\/])mcp$/.test(arg));
};

export const agentSpecs: { readonly [A in HookedAgent]: AgentSpec } = {
  codex: {
    agent: 'codex',
    display: 'Codex CLI',
    executable: 'codex',
    configFolder: '.codex',
    configVariable: 'CODEX_HOME',
    covered: [
      'shell commands, before they run',
      'edits (apply_patch)',
      'tools of other MCP servers',
      "Codex's own permission prompts: Hob's answer is used, so you are asked once",
      "Hob's tools over MCP",
    ],
    notCovered: [
      'text typed into a running interactive shell (write_stdin) fires no hook; Hob therefore refuses bare shells and interpreters',
      'web search runs at the provider of the model, where no hook can be',
      'a hook that Codex cannot start: it then runs the tool',
    ],
    notes: [
      'Codex skips new hooks in silence until you trust them. Start codex, type /hooks, and trust the two hooks of Hob (with app-server: hooks/list, then config/batchWrite).',
      'Codex writes its trust into the same file. Undo then takes out only the block of Hob and keeps the rest.',
    ],
    edits: (launch, { configDir, join }) => [
      codexConfigEdit(join(configDir, 'config.toml'), launch),
    ],
  },
  'claude-code': {
    agent: 'claude-code',
    display: 'Claude Code',
    executable: 'claude',
    configFolder: '.claude',
    configVariable: 'CLAUDE_CONFIG_DIR',
    covered: [
      'every tool that Claude Code runs: shell, files, web, sub-agents',
      'tools of other MCP servers',
      "Hob's tools over MCP",
    ],
    notCovered: [
      'before version 2.1.295 a hook that cannot start or times out lets the call go on (onFailure is not known there)',
      'files attached with @ are read without a hook',
      'your own deny and ask rules still apply after Hob says yes',
    ],
    notes: ['Sessions that are open already read the new settings when they start again.'],
    edits: (launch, { home, configDir, join }) => [
      hookEntryEdit(join(configDir, 'settings.json'), 'PreToolUse', 'claude-code', {
        matcher: '*',
        hooks: [
          {
            type: 'command',
            command: hookCommand(launch, 'claude-code'),
            timeout: 600,
            onFailure: 'block',
          },
        ],
      }),
      jsonValueEdit(
        // The file lies beside the default folder, but inside one that was moved.
        configDir === join(home, '.claude')
          ? join(home, '.claude.json')
          : join(configDir, '.claude.json'),
        ['mcpServers', 'hob'],
        { type: 'stdio', ...mcpLaunch(launch, 'claude-code') },
        isOurServer,
      ),
    ],
  },
  vscode: {
    agent: 'vscode',
    display: 'VS Code agents (Copilot)',
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
  },
};
