import { asList, asText } from '../fields.ts';
import type { AgentAdapter, HookAnswer } from '../hook-request.ts';
import { toolTable } from '../tool-calls.ts';
import { answered, blocked, parsePayload, textField, toolInput, type Dialect } from './shared.ts';

/**
 * Cursor, from its documentation (test/fixtures/hooks/README.md). `preToolUse` fires for every tool
 * with the id of the call; `beforeShellExecution` and its like fire once more for the same call
 * without one, so Hob hooks only the first. `MCP:tool` does not name the server: a tool of Hob's
 * cannot be told from another server's of that name, and is asked about here too.
 */
const dialect: Dialect = {
  agent: 'cursor',
  ownTools: [],
  mcpTools: /^MCP:/,
  events: { preToolUse: 'pre_tool_use' },
  tools: toolTable({
    command: 'Shell',
    read: 'Read',
    find: 'Glob',
    grep: 'Grep',
    write: 'Write Delete',
    edit: 'Edit StrReplace',
    inert: 'TodoWrite',
  }),
  read: (body) => ({
    event: textField(body, 'hook_event_name'),
    tool: textField(body, 'tool_name'),
    input: toolInput(body, 'tool_input'),
    // Seen empty on the shell's calls, which have it in their input.
    cwd: textField(body, 'cwd') ?? asText(asList(body['workspace_roots'])[0]),
    session: textField(body, 'conversation_id', 'session_id'),
    turn: textField(body, 'generation_id'),
    callId: textField(body, 'tool_use_id'),
  }),
};

/** With `failClosed` an empty answer counts as a failure. */
const SILENCE: HookAnswer = answered({ permission: 'allow' });

export const cursorAdapter: AgentAdapter = {
  agent: 'cursor',
  limitSeconds: 600,
  silence: SILENCE,
  parse: (stdin, event) => parsePayload(dialect, stdin, event),
  render({ decision, reason }, request) {
    if (request === undefined) return blocked(reason);
    if (decision === 'allow') return SILENCE;
    // The documentation gives the model `agent_message`, runs gave it `user_message`: both say why.
    return answered({ permission: 'deny', user_message: reason, agent_message: reason });
  },
};
