import { createRequestStateCodec, McpServer } from '@modelcontextprotocol/server';
import { canonicalJson } from '#schema/envelope/canonical.ts';
import type { JsonValue } from '#schema/envelope/json.ts';
import { registerPrompts } from './prompts.ts';
import { registerResources } from './resources.ts';
import { runTasks } from './run-tasks.ts';
import type { McpSessionContext } from './session-context.ts';
import { serveSubscriptions } from './subscriptions.ts';
import { bothOf, serveTasks } from './tasks.ts';
import { serveTools, type AskedFor, type Era } from './tool-calls.ts';
import type { ToolHost } from './tool.ts';
import { approvalTools } from './tools/approvals.ts';
import { eventTools } from './tools/events.ts';
import { externalTools } from './tools/external.ts';
import { notifyTool } from './tools/notify.ts';
import { policyTool } from './tools/policy.ts';
import { questionTools } from './tools/questions.ts';
import { runTools } from './tools/runs.ts';
import { scheduleTools } from './tools/schedules.ts';
import { speechTools } from './tools/speech.ts';
import { statusTool } from './tools/status.ts';

const instructions =
  'Hob asks a person before risky things happen. Use run_command instead of your own shell for anything that is not read-only, and request_approval before you do something yourself that changes files outside the workspace or something on the network. You cannot approve: only the person can, in the editor. When an answer is "pending", fetch it later with get_run or get_approval.';

/** Lists change with the host's build and with nothing else, and then the client hears of it. */
const LIST_TTL_MS = 5 * 60_000;
const lists = { ttlMs: LIST_TTL_MS, cacheScope: 'private' } as const;

/**
 * The MCP server of one connection, in one protocol era. Nothing here decides anything: every
 * tool that acts goes through the gate, and there is no tool that answers an approval.
 */
export function createMcpServer(session: McpSessionContext, era: Era): McpServer {
  const { options } = session;
  const codec = createRequestStateCodec<AskedFor>({
    key: options.stateKey,
    bind: () => session.caller.principal.id,
  });
  const server = new McpServer(
    { name: 'hob', title: 'Hob', version: options.version },
    {
      instructions,
      capabilities: { prompts: { listChanged: false }, resources: resourceCapabilities },
      cacheHints: { 'tools/list': lists, 'prompts/list': lists, 'resources/list': lists },
      requestState: codec,
    },
  );
  const host: ToolHost = {
    tools: new Map(),
    server,
    log: options.log,
    newCallId: () => options.ids.uuid(),
  };
  statusTool(host, session);
  runTools(host, session);
  approvalTools(host, session);
  notifyTool(host, session);
  speechTools(host, session);
  questionTools(host, session);
  scheduleTools(host, session);
  externalTools(host, session);
  eventTools(host, session);
  policyTool(host, session);
  registerResources(server, session);
  registerPrompts(server, session);
  serveSubscriptions(server, era, session);
  const more = options.extension?.(host, { era, codec });
  serveTools({
    server,
    era,
    tools: host.tools,
    isListed: (name) => !session.without.includes(name),
    definitions: session.definitions,
    codec,
    hashOf: (value) => options.crypto.sha256(canonicalJson((value ?? {}) as JsonValue)),
  });
  serveTasks({ server, era, tasks: bothOf(runTasks(session), more) });
  return server;
}

const resourceCapabilities = { subscribe: true, listChanged: false };
