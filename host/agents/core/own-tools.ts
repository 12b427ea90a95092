/**
 * Hob's own MCP tools are gated in the server; asking again in the hook would be two cards for one
 * call. The names are listed one by one: a prefix test would also pass a server called `hob__other`.
 */
export const ownToolNames = [
  'get_status',
  'run_command',
  'get_run',
  'request_approval',
  'get_approval',
  'list_approvals',
  'notify_user',
  'list_events',
  'speak_text',
  'stop_speaking',
  'create_schedule',
  'update_schedule',
  'list_schedules',
  'get_schedule',
  'cancel_schedule',
  'run_schedule_now',
] as const;

/** `mcp__hob__x` is the spelling of Codex and Claude Code, `mcp_hob_x` VS Code's, `hob-x` the Copilot runtime's. */
const spellings = new Set(
  ownToolNames.flatMap((tool) => [`mcp__hob__${tool}`, `mcp_hob_${tool}`, `hob-${tool}`]),
);

export const isOwnTool = (toolName: string): boolean => spellings.has(toolName);
