import type { AgentAdapter } from '../hook-request.ts';
import { toolTable } from '../tool-calls.ts';
import { answered, blocked, parsePayload, textField, toolInput, type Dialect } from './shared.ts';

/**
 * Gemini CLI 0.61.0, from captures of the real CLI (test/fixtures/hooks/gemini). It ignores answers
 * in Claude's format; its calls have no id, so the moment of the firing tells two of them apart.
 */
const dialect: Dialect = {
  agent: 'gemini',
  ownTools: ['mcp_hob_', 'mcp__hob__'],
  mcpTools: /^mcp_/,
  events: { BeforeTool: 'pre_tool_use' },
  tools: toolTable({
    command: 'run_shell_command',
    read: 'read_file list_directory',
    find: 'glob',
    grep: 'grep_search search_file_content',
    write: 'write_file',
    edit: 'replace',
    inert:
      'write_todos ask_user enter_plan_mode exit_plan_mode get_internal_docs complete_task update_topic list_mcp_resources',
  }),
  read: (body) => ({
    event: textField(body, 'hook_event_name'),
    tool: textField(body, 'tool_name'),
    input: toolInput(body, 'tool_input'),
    cwd: textField(body, 'cwd'),
    session: textField(body, 'session_id'),
    turn: undefined,
    callId: undefined,
    once: textField(body, 'timestamp'),
  }),
};

export const geminiAdapter: AgentAdapter = {
  agent: 'gemini',
  limitSeconds: 600,
  parse: (stdin, event) => parsePayload(dialect, stdin, event),
  render: ({ decision, reason }, request) =>
    request === undefined ? blocked(reason) : answered({ decision, reason }),
};
