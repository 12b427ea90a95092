import type { AgentAdapter } from '../hook-request.ts';
import { toolTable } from '../tool-calls.ts';
import { claudeToolRows } from './claude-tools.ts';
import {
  answered,
  blocked,
  momentText,
  parsePayload,
  textField,
  toolInput,
  type Dialect,
} from './shared.ts';
import { vscodeOwnTools, vscodeToolRows } from './vscode-tools.ts';

/**
 * VS Code's hooks (Preview), from its documentation. Two harnesses read the same file: the Local
 * one sends `hookEventName` and its own tool names; the Copilot runtime sends `hook_event_name` and
 * Claude's tool names, gives calls no id, and wants the decision at the top level of the answer.
 */
const dialect: Dialect = {
  agent: 'vscode',
  ownTools: vscodeOwnTools,
  mcpTools: /^mcp_/,
  events: { PreToolUse: 'pre_tool_use', preToolUse: 'pre_tool_use' },
  tools: new Map([...toolTable(claudeToolRows), ...toolTable(vscodeToolRows)]),
  read(body, eventArgument) {
    const callId = textField(body, 'tool_use_id');
    return {
      event: textField(body, 'hook_event_name', 'hookEventName') ?? eventArgument,
      tool: textField(body, 'tool_name', 'toolName'),
      input: toolInput(body, 'tool_input', 'toolArgs'),
      cwd: textField(body, 'cwd'),
      session: textField(body, 'session_id', 'sessionId'),
      turn: undefined,
      callId,
      once: callId === undefined ? momentText(body['timestamp']) : undefined,
    };
  },
};

export const vscodeAdapter: AgentAdapter = {
  agent: 'vscode',
  limitSeconds: 600,
  parse: (stdin, event) => parsePayload(dialect, stdin, event),
  render({ decision, reason }, request) {
    const output = {
      permissionDecision: decision,
      permissionDecisionReason: reason,
      hookSpecificOutput: {
        hookEventName: 'PreToolUse',
        permissionDecision: decision,
        permissionDecisionReason: reason,
      },
    };
    if (request === undefined) return blocked(reason);
    // Exit 2 is the one deny that both harnesses document; the JSON carries the reason to the second.
    return decision === 'deny' ? blocked(reason, `${JSON.stringify(output)}\n`) : answered(output);
  },
};
