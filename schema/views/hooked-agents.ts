/** Agents with a documented hook that Hob answers, by the names that commands and `hob hook` take. */
export const hookedAgents = [
  'claude-code',
  'codex',
  'vscode',
  'copilot-cli',
  'cursor',
  'cline',
  'gemini',
  'goose',
] as const;
export type HookedAgent = (typeof hookedAgents)[number];

export const isHookedAgent = (name: string): name is HookedAgent =>
  (hookedAgents as readonly string[]).includes(name);

/** What people call them. */
export const agentDisplays: { readonly [A in HookedAgent]: string } = {
  'claude-code': 'Claude Code',
  codex: 'Codex CLI',
  vscode: 'VS Code agents (Copilot)',
  'copilot-cli': 'Copilot CLI',
  cursor: 'Cursor',
  cline: 'Cline',
  gemini: 'Gemini CLI',
  goose: 'Goose',
};
