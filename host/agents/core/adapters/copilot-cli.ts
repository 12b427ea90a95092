import type { AgentAdapter } from '../hook-request.ts';
import { toolTable } from '../tool-calls.ts';
import {
  answered,
  blocked,
  momentText,
  parsePayload,
  textField,
  toolInput,
  type Dialect,
} from './shared.ts';

/**
 * Copilot CLI 1.0.102 in its own camelCase format, from captures of the real CLI
 * (test/fixtures/hooks/copilot-cli). Its payload names no event (the configuration does) and gives
 * calls no id. A hook that fails denies the call, one that runs out of time does not.
 */
const dialect: Dialect = {
  agent: 'copilot-cli',
  ownTools: ['hob-'],
  mcpTools: /^[A-Za-z0-9_.]+-/,
  events: { preToolUse: 'pre_tool_use' },
  tools: toolTable({
    command: 'bash powershell',
    read: 'view',
    find: 'glob',
    grep: 'grep rg',
    write: 'create',
    edit: 'edit str_replace_editor apply_patch',
    fetch: 'web_fetch',
    inert: 'ask_user update_todo report_intent',
  }),
  read: (body, event) => ({
    event,
    tool: textField(body, 'toolName'),
    comparableTool: claudeNames.get(textField(body, 'toolName') ?? ''),
    input: toolInput(body, 'toolArgs'),
    cwd: textField(body, 'cwd'),
    session: textField(body, 'sessionId'),
    turn: undefined,
    callId: undefined,
    once: momentText(body['timestamp']),
  }),
};

/** What the same call is called in the file that VS Code shares with the CLI: both hooks fire for it. */
const claudeNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    bash: 'Bash',
    powershell: 'Bash',
    view: 'Read',
    create: 'Write',
    edit: 'Edit',
    str_replace_editor: 'Edit',
    apply_patch: 'Edit',
    grep: 'Grep',
    rg: 'Grep',
    glob: 'Glob',
    web_fetch: 'WebFetch',
  }),
);

export const copilotCliAdapter: AgentAdapter = {
  agent: 'copilot-cli',
  limitSeconds: 600,
  parse: (stdin, event = 'preToolUse') => parsePayload(dialect, stdin, event),
  render({ decision, reason }, request) {
    if (request === undefined) return blocked(reason);
    return answered({ permissionDecision: decision, permissionDecisionReason: reason });
  },
};
