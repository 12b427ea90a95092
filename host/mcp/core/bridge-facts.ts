/*
 * What `hob mcp` and the host's server must agree on beyond MCP itself. No imports: the bridge
 * starts with every agent session and should load little.
 */

/** Sent by the bridge on every connection before anything else; never reaches the MCP server. */
export const BRIDGE_HELLO = 'notifications/hob/bridge';

/** In `_meta` of a tools/call: names the call, the same when the bridge sends it again. */
export const CALL_ID = 'hob/call_id';
/** In `_meta` of a tools/call that is sent again: milliseconds that its caller has waited already. */
export const WAITED_MS = 'hob/waited_ms';

/**
 * Tools that may be sent again after the host restarted although they act: the host knows a call by
 * its id, so the second sending finds the run or the question of the first and waits on with it.
 */
export const resumableTools: readonly string[] = [
  'run_command',
  'request_approval',
  'ask_user',
  'listen_once',
  'call_external_tool',
];

/** The usual client gives up after 60 s; some of the rest is for the way there and back. */
export const WAIT_MS = 45_000;

/** The code in `error.data` of a call whose fate is unknown. */
export const HOST_RESTARTED = 'host_restarted';

/** Tools that only read: they may always be sent again. A test holds this against their annotations. */
export const readOnlyTools: readonly string[] = [
  'get_status',
  'get_run',
  'get_approval',
  'list_approvals',
  'list_events',
  'list_schedules',
  'get_schedule',
  'get_answer',
  'search_external_tools',
  'get_policy',
];
