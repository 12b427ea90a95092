import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type ClientCapabilities,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { JsonObject } from '#schema/envelope/json.ts';
import { createdTask2026, task2025, TASKS_EXTENSION, type Task } from '../core/tasks.ts';
import type { FormFields, ServedTool, ToolCall, ToolContext, ToolQuestion } from './tool.ts';

export type Era = 'legacy' | 'modern';

/** What a question carries to its answer: for which call it was asked. */
export interface AskedFor {
  tool: string;
  /** Of the call's arguments. */
  hash: string;
}

export interface ToolCallsOptions {
  server: McpServer;
  era: Era;
  tools: ReadonlyMap<string, ServedTool>;
  /** Whether a client that looks for tools is shown this one. */
  isListed(name: string): boolean;
  /** As they are listed, by name: made once for all connections. */
  definitions: Map<string, JsonObject>;
  codec: RequestStateCodec<AskedFor>;
  hashOf(value: unknown): string;
}

/** Answers tools/list and tools/call, with tasks and questions in the words of the era. */
export function serveTools(options: ToolCallsOptions): void {
  const { server: mcp, era, tools } = options;
  const { server } = mcp;
  server.registerCapabilities({ tools: { listChanged: true } });
  server.setRequestHandler('tools/list', () => ({
    tools: [...tools.values()]
      .filter(({ name }) => options.isListed(name))
      .map((tool) => listed(options, tool)) as never,
  }));
  server.setRequestHandler('tools/call', async ({ params }, sdk) => {
    const { name, arguments: args } = params;
    const tool = tools.get(name);
    if (tool === undefined) throw invalid(`There is no tool "${name}".`);
    const context: ToolContext = {
      sdk,
      task: taskOf(options, tool, params, sdk),
      canAsk: capabilitiesOf(options, sdk).elicitation !== undefined,
      answers: () => answersTo(options, name, args, sdk),
      takesLinks: (server.getNegotiatedProtocolVersion() ?? '') >= LINKS_SINCE,
    };
    const answer = await tool.call(args, context);
    if ('result' in answer) return answer.result as never;
    if ('task' in answer) return createdTask(era, answer.task) as never;
    return asked(options, answer, { tool: name, hash: options.hashOf(args) }, sdk);
  });
}

const LINKS_SINCE = '2025-06-18';

const invalid = (message: string): ProtocolError =>
  new ProtocolError(ProtocolErrorCode.InvalidParams, message);

function listed({ era, definitions }: ToolCallsOptions, tool: ServedTool): JsonObject {
  const known = definitions.get(tool.name);
  const definition = known ?? tool.definition();
  if (known === undefined) definitions.set(tool.name, definition);
  const { name, taskSupport } = tool;
  return {
    name,
    ...definition,
    // In 2026-07-28 the server alone says what becomes a task.
    ...(era === 'legacy' && taskSupport !== undefined ? { execution: { taskSupport } } : {}),
  };
}

/** What the client of this request can do: said with each request in 2026-07-28, once before. */
export const capabilitiesOf = (
  { server: { server }, era }: Pick<ToolCallsOptions, 'server' | 'era'>,
  sdk: ServerContext,
): ClientCapabilities =>
  (era === 'modern' ? capabilitiesIn(sdk) : server.getClientCapabilities()) ?? {};

/** What a request of 2026-07-28 says that its client can do. */
export const capabilitiesIn = ({ mcpReq }: ServerContext): ClientCapabilities | undefined =>
  (mcpReq.envelope as Readonly<Record<string, ClientCapabilities | undefined>> | undefined)?.[
    CLIENT_CAPABILITIES_META_KEY
  ];

function taskOf(
  options: ToolCallsOptions,
  { name, taskSupport }: ServedTool,
  params: { task?: unknown },
  sdk: ServerContext,
): ToolContext['task'] {
  const refused = (why: string) => new ProtocolError(ProtocolErrorCode.MethodNotFound, why);
  if (options.era === 'modern') {
    if (taskSupport === undefined) return 'no';
    if (capabilitiesOf(options, sdk).extensions?.[TASKS_EXTENSION] !== undefined) return 'may';
    if (taskSupport === 'required') throw needsTasks();
    return 'no';
  }
  if (params.task === undefined && taskSupport !== 'required') return 'no';
  if (params.task === undefined) throw refused(`"${name}" is always a task.`);
  if (taskSupport === undefined) throw refused(`"${name}" is never a task.`);
  return 'must';
}

/** What a client is told that does not know tasks and meets one. */
export const needsTasks = (): ProtocolError =>
  new MissingRequiredClientCapabilityError({
    requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } },
  });

const createdTask = (era: Era, task: Task): JsonObject =>
  era === 'modern' ? createdTask2026(task) : { content: [], task: task2025(task) };

/** Answers count only with the state that this host gave out for this very call. */
function answersTo(
  { hashOf }: ToolCallsOptions,
  tool: string,
  args: unknown,
  { mcpReq }: ServerContext,
): ToolCall['answers'] {
  const asked = mcpReq.requestState<AskedFor>();
  if (asked === undefined) return {};
  if (asked.tool !== tool || asked.hash !== hashOf(args))
    throw invalid('The answer belongs to another call.');
  const { inputResponses } = mcpReq;
  const keys = Object.keys(inputResponses ?? {});
  return Object.fromEntries(
    keys.map((key) => [key, acceptedContent<JsonObject>(inputResponses, key) ?? null]),
  );
}

async function asked(
  { codec }: ToolCallsOptions,
  { question: { key, message, fields } }: ToolQuestion,
  call: AskedFor,
  sdk: ServerContext,
) {
  return inputRequired({
    inputRequests: {
      [key]: inputRequired.elicit({ message, requestedSchema: formOf(fields) }),
    },
    requestState: await codec.mint(call, sdk),
  });
}

const formOf = (fields: FormFields) => ({
  type: 'object' as const,
  properties: Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, { type: 'string' as const, ...field }]),
  ),
  required: Object.keys(fields),
});
