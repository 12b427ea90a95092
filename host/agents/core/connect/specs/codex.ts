import { codexConfigEdit } from '../codex-config.ts';
import { OVER_MCP, type AgentSpec } from '../spec.ts';

export const codexSpec: AgentSpec = {
  agent: 'codex',
  executable: 'codex',
  configFolder: '.codex',
  configVariable: 'CODEX_HOME',
  covered: [
    'shell commands, before they run',
    'edits (apply_patch)',
    'tools of other MCP servers',
    "Codex's own permission prompts: Hob's answer is used, so you are asked once",
    OVER_MCP,
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
  edits: (launch, { configDir, join }) => [codexConfigEdit(join(configDir, 'config.toml'), launch)],
};
