import { McpServer } from '@modelcontextprotocol/server';
import type { McpSessionContext } from './session-context.ts';
import type { ToolHost } from './tool.ts';
import { approvalTools } from './tools/approvals.ts';
import { eventTools } from './tools/events.ts';
import { externalTools } from './tools/external.ts';
import { notifyTool } from './tools/notify.ts';
import { questionTools } from './tools/questions.ts';
import { runTools } from './tools/runs.ts';
import { scheduleResource, scheduleTools } from './tools/schedules.ts';
import { speechTools } from './tools/speech.ts';
import { statusTool } from './tools/status.ts';

const instructions =
  'Hob asks a person before risky things happen. Use run_command instead of your own shell for anything that is not read-only, and request_approval before you do something yourself that changes files outside the workspace or something on the network. You cannot approve: only the person can, in the editor. When an answer is "pending", fetch it later with get_run or get_approval.';

/**
 * The MCP server of one connection, for either protocol era. Nothing here decides anything: every
 * tool that acts goes through the gate, and there is no tool that answers an approval.
 */
export function createMcpServer(session: McpSessionContext): McpServer {
  const server = new McpServer(
    { name: 'hob', title: 'Hob', version: session.options.version },
    { instructions },
  );
  const host: ToolHost = {
    server,
    log: session.options.log,
    newCallId: () => session.options.ids.uuid(),
  };
  statusTool(host, session);
  runTools(host, session);
  approvalTools(host, session);
  notifyTool(host, session);
  speechTools(host, session);
  questionTools(host, session);
  scheduleTools(host, session);
  scheduleResource(host, session);
  externalTools(host, session);
  eventTools(host, session);
  return server;
}
