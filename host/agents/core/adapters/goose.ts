import type { AgentAdapter } from '../hook-request.ts';
import { toolTable } from '../tool-calls.ts';
import { answered, blocked, parsePayload, textField, toolInput, type Dialect } from './shared.ts';

/**
 * Goose, from its documentation (Open Plugins hooks; test/fixtures/hooks/README.md). Tools are
 * `<extension>__<tool>`; of its own extensions the one called `developer` is known here, all others
 * are asked about as another server's tool.
 */
const dialect: Dialect = {
  agent: 'goose',
  ownTools: ['hob__'],
  mcpTools: /^[^_].*__/,
  events: { PreToolUse: 'pre_tool_use' },
  tools: toolTable({
    command: 'developer__shell',
    read: 'developer__tree developer__read_image',
    write: 'developer__write',
    edit: 'developer__edit',
    inert: 'todo__todo_write',
  }),
  read: (body) => ({
    event: textField(body, 'event'),
    tool: textField(body, 'tool_name'),
    input: toolInput(body, 'tool_input'),
    cwd: textField(body, 'working_dir'),
    session: textField(body, 'session_id'),
    turn: undefined,
    callId: textField(body, 'tool_call_id'),
  }),
};

export const gooseAdapter: AgentAdapter = {
  agent: 'goose',
  limitSeconds: 600,
  parse: (stdin, event) => parsePayload(dialect, stdin, event),
  render({ decision, reason }, request) {
    if (request === undefined) return blocked(reason);
    return answered(decision === 'allow' ? { decision } : { decision: 'block', reason });
  },
};
