import type { JsonObject } from '#schema/envelope/json.ts';
import type { AgentAdapter } from '../hook-request.ts';
import { opensPrompt } from '../interactive.ts';
import { toolTable } from '../tool-calls.ts';
import { answered, blocked, parsePayload, textField, toolInput, type Dialect } from './shared.ts';

/**
 * Codex 0.169.0, from captures of the real CLI (test/fixtures/hooks/codex). An extra JSON key or
 * exit 1 makes Codex run the tool, so the answers below have exactly the keys its schema names.
 */
const dialect: Dialect = {
  agent: 'codex',
  ownTools: ['mcp__hob__'],
  mcpTools: /^mcp__/,
  events: { PreToolUse: 'pre_tool_use', PermissionRequest: 'permission_request' },
  tools: toolTable({
    command: 'Bash',
    edit: 'apply_patch',
    read: 'view_image',
    inert: 'update_plan list_mcp_resources list_mcp_resource_templates',
  }),
  read(body) {
    const input = toolInput(body, 'tool_input');
    return {
      event: textField(body, 'hook_event_name'),
      tool: textField(body, 'tool_name'),
      input,
      cwd: textField(body, 'cwd'),
      session: textField(body, 'session_id'),
      turn: textField(body, 'turn_id'),
      callId: textField(body, 'tool_use_id'),
      ...(input === undefined ? {} : { comparable: comparable(input) }),
    };
  },
  settle(tool, input) {
    if (tool !== 'Bash' || !opensPrompt(textField(input, 'command') ?? '')) return undefined;
    return { decision: 'deny', reason: PROMPT_REFUSED };
  },
};

const PROMPT_REFUSED =
  'Hob does not allow a bare interactive shell or interpreter, because what is typed into it later cannot be asked about. Run the command itself instead.';

/** PermissionRequest adds a `description` and drops a patch's last line break; the call is the same. */
function comparable(input: JsonObject): JsonObject {
  const { description: _added, ...rest } = input;
  const command = textField(rest, 'command');
  return command === undefined ? rest : { ...rest, command: command.trimEnd() };
}

export const codexAdapter: AgentAdapter = {
  agent: 'codex',
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
    // Nothing said means go on: Codex asks its own PermissionRequest next where its policy wants one.
    if (decision === 'allow') return { stdout: '', stderr: '', exit: 0 };
    const output = {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: reason,
    };
    return answered({ hookSpecificOutput: output });
  },
};
