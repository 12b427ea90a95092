/** Claude Code's own tools, by the names its hooks report. */
export const claudeToolRows = {
  command: 'Bash PowerShell Monitor',
  read: 'Read NotebookRead LS',
  find: 'Glob',
  grep: 'Grep',
  write: 'Write',
  edit: 'Edit MultiEdit NotebookEdit',
  fetch: 'WebFetch',
  inert:
    'TodoWrite TodoRead AskUserQuestion EnterPlanMode ExitPlanMode ToolSearch TaskList TaskGet BashOutput TaskOutput',
} as const;
