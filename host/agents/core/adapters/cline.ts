import { asList, asObject, asText } from '../fields.ts';
import type { AgentAdapter, HookAnswer } from '../hook-request.ts';
import { toolTable } from '../tool-calls.ts';
import { answered, momentText, parsePayload, textField, type Dialect } from './shared.ts';

/**
 * Cline. The CLI 3.0.65 (captures in test/fixtures/hooks/cline) says `tool_call` and gives each call
 * an id; the extension's documentation says `PreToolUse` and has only `preToolUse`, whose parameters
 * are texts. Neither looks at exit codes: only `cancel` on stdout stops a call, and with it the run.
 */
const dialect: Dialect = {
  agent: 'cline',
  ownTools: ['hob__'],
  mcpTools: /^[^_].*__/,
  events: { tool_call: 'pre_tool_use', PreToolUse: 'pre_tool_use' },
  tools: toolTable({
    command: 'run_commands execute_command',
    read: 'read_files read_file list_files list_code_definition_names',
    grep: 'search_codebase search_files',
    write: 'write_to_file',
    edit: 'editor replace_in_file',
    fetch: 'fetch_web_content web_fetch',
    inert: 'ask_question ask_followup_question attempt_completion plan_mode_respond',
  }),
  read(body) {
    const call = asObject(body['tool_call']);
    const documented = asObject(body['preToolUse']) ?? {};
    const callId = call === undefined ? undefined : textField(call, 'id');
    return {
      event: textField(body, 'hookName'),
      tool: textField(call ?? {}, 'name') ?? textField(documented, 'toolName'),
      input: asObject(call?.['input']) ?? asObject(documented['parameters']),
      cwd: asText(asList(body['workspaceRoots'])[0]),
      session: textField(body, 'taskId'),
      turn: undefined,
      callId,
      once: callId === undefined ? momentText(body['timestamp']) : undefined,
    };
  },
};

const cancelled = (reason: string): HookAnswer =>
  answered({
    cancel: true,
    errorMessage: reason.trim() === '' ? 'Hob stopped this call.' : reason,
  });

export const clineAdapter: AgentAdapter = {
  agent: 'cline',
  // Fixed at 120 s by Cline.
  limitSeconds: 115,
  parse: (stdin, event) => parsePayload(dialect, stdin, event),
  render: ({ decision, reason }, request) =>
    request !== undefined && decision === 'allow' ? answered({ cancel: false }) : cancelled(reason),
};
