import type { AgentAdapter } from '../hook-request.ts';
import { toolTable } from '../tool-calls.ts';
import { answered, blocked, parsePayload, textField, toolInput, type Dialect } from './shared.ts';
import { claudeToolRows } from './claude-tools.ts';
import { vscodeOwnTools, vscodeToolRows } from './vscode-tools.ts';

/**
 * Claude Code, from its documentation (test/fixtures/hooks/README.md). VS Code's Local harness
 * reads the same settings file and then sends its own names, so both spellings are read here; the
 * answer is one that both understand.
 */
const dialect: Dialect = {
  agent: 'claude-code',
  ownTools: vscodeOwnTools,
  mcpTools: /^mcp_/,
  events: { PreToolUse: 'pre_tool_use', PermissionRequest: 'permission_request' },
  tools: new Map([...toolTable(vscodeToolRows), ...toolTable(claudeToolRows)]),
  read: (body) => ({
    event: textField(body, 'hook_event_name', 'hookEventName'),
    tool: textField(body, 'tool_name'),
    input: toolInput(body, 'tool_input'),
    cwd: textField(body, 'cwd'),
    session: textField(body, 'session_id', 'sessionId'),
    turn: undefined,
    callId: textField(body, 'tool_use_id'),
    once: textField(body, 'tool_use_id') === undefined ? textField(body, 'timestamp') : undefined,
  }),
};

export const claudeCodeAdapter: AgentAdapter = {
  agent: 'claude-code',
  limitSeconds: 600,
  parse: (stdin, event) => parsePayload(dialect, stdin, event),
  render({ decision, reason }, request) {
    if (request === undefined) return blocked(reason);
    if (request.event === 'permission_request') {
      const answer =
        decision === 'allow' ? { behavior: 'allow' } : { behavior: 'deny', message: reason };
      return answered({
        hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: answer },
      });
    }
    const output = {
      hookEventName: 'PreToolUse',
      permissionDecision: decision,
      permissionDecisionReason: reason,
    };
    return answered({ hookSpecificOutput: output });
  },
};
