/**
 * Hob's own MCP tools are gated in the server; asking again in the hook would be two cards for one
 * call. The names are listed one by one: a prefix test would also pass a server called `hob__other`.
 */
export const ownToolNames = [
  'get_status',
  'run_command',
  'get_run',
  'cancel_run',
  'get_policy',
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
  'ask_user',
  'get_answer',
  'cancel_question',
  'listen_once',
  'search_external_tools',
  'call_external_tool',
] as const;

const names: ReadonlySet<string> = new Set(ownToolNames);

/** `prefixes`: how the agent spells the tools of a server called "hob", before the tool's own name. */
export const isOwnTool = (toolName: string, prefixes: readonly string[]): boolean =>
  prefixes.some(
    (prefix) => toolName.startsWith(prefix) && names.has(toolName.slice(prefix.length)),
  );
