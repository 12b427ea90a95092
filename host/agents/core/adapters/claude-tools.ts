/**
 * Claude Code's own tools, by the names its hooks report. Starting a sub-agent is inert: what it
 * then does fires the hook like everything else.
 */
export const claudeToolRows = {
  command: 'Bash PowerShell',
  read: 'Read NotebookRead LS LSP',
  find: 'Glob',
  grep: 'Grep',
  write: 'Write',
  edit: 'Edit MultiEdit NotebookEdit',
  fetch: 'WebFetch',
  inert:
    'TodoWrite TodoRead TaskCreate TaskUpdate TaskList TaskGet TaskOutput TaskStop BashOutput KillShell Agent Task AskUserQuestion EnterPlanMode ExitPlanMode ToolSearch',
} as const;
