import type { McpServer, ServerContext } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { JsonObject } from '#schema/envelope/json.ts';
import { HobError, toWireError } from '#host/kernel/errors.ts';
import type { Log } from '#host/kernel/log.ts';
import { failedResult, toolResult, type ToolAnswer, type ToolResult } from '../core/answers.ts';
import { CALL_ID, WAIT_MS, WAITED_MS } from '../core/bridge-facts.ts';
import type { Task } from '../core/tasks.ts';
import { leanSchema } from './lean-schema.ts';

export type { ToolAnswer } from '../core/answers.ts';

/** What is true of one tools/call besides its arguments. */
export interface ToolCall {
  /** Names the call; the same when the bridge sends it again. */
  id: string;
  /** True when it may have been sent before. */
  resent: boolean;
  /** What is left of the time that its caller waits. */
  waitMs: number;
  /** Aborted when the caller cancels it or the connection closes. */
  signal: AbortSignal;
  /** What the caller can do with a call that takes long: nothing, take a task instead, or nothing but a task. */
  task: 'no' | 'may' | 'must';
  /** Tells the caller how it stands; goes nowhere when it did not ask to be told. */
  tell(message: string): void;
  /** Whether the caller can put a question to whoever sits in front of it. */
  canAsk: boolean;
  /**
   * What came back for a question of this tool, by its key; null: no answer was given. From the calling
   * client, so it is worth as much as an argument: it fills in what is missing and is nobody's consent.
   */
  answers: Readonly<Record<string, JsonObject | null>>;
}

/** The call goes on as a task. */
export interface TaskAnswer {
  task: Task;
}
/** The tool is called again with the answer; questions go to the client's own person. */
export interface ToolQuestion {
  question: { key: string; message: string; fields: FormFields };
}
/** A flat form of texts, as elicitation takes it: by field. */
export type FormFields = Record<string, { title: string; description: string }>;

export interface Tool<I extends z.ZodObject, O extends z.ZodObject> {
  name: string;
  title: string;
  description: string;
  input: I;
  output: O;
  /** Hints for clients, all four said: a client assumes the worst of those that are not. */
  annotations: {
    readOnlyHint: boolean;
    destructiveHint: boolean;
    idempotentHint: boolean;
    openWorldHint: boolean;
  };
  /** A call may become a task for clients that know tasks. */
  mayBeTask?: true;
  run(input: z.output<I>, call: ToolCall): Promise<ToolAnswer | TaskAnswer | ToolQuestion>;
}

/** Reads Hob's own state and nothing else. */
export const reads = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** A tool as the protocol sees it. */
export interface ServedTool {
  name: string;
  taskSupport?: 'optional' | 'required';
  /** As it is listed, without the name. */
  definition(): JsonObject;
  call(args: unknown, context: ToolContext): Promise<ServedAnswer>;
}
export type ServedAnswer = { result: ToolResult } | TaskAnswer | ToolQuestion;

/** What the protocol knows of a call. */
export interface ToolContext {
  sdk: ServerContext;
  task: ToolCall['task'];
  canAsk: boolean;
  /** Throws when they belong to another call. */
  answers(): ToolCall['answers'];
  /** Whether the client knows links to resources in results. */
  takesLinks: boolean;
}

export interface ToolHost {
  /** In the order in which they are listed. */
  tools: Map<string, ServedTool>;
  server: McpServer;
  log: Log;
  newCallId(): string;
}

/** Adds a tool. What it throws becomes an error result with a stable code in front, never a protocol error. */
export function registerTool<I extends z.ZodObject, O extends z.ZodObject>(
  host: ToolHost,
  tool: Tool<I, O>,
): void {
  const { name, mayBeTask } = tool;
  host.tools.set(name, {
    name,
    ...(mayBeTask === true ? { taskSupport: 'optional' } : {}),
    definition: () => definitionOf(tool),
    async call(args, context) {
      const input = tool.input.safeParse(args ?? {});
      if (!input.success) return { result: failedResult('invalid_payload', problemsIn(input)) };
      // Outside of the try: an answer to another call is a failure of the protocol.
      const call = callOf(host, context);
      try {
        const answer = await tool.run(input.data, call);
        if ('task' in answer || 'question' in answer) return answer;
        return { result: toolResult(checked(tool, answer), context.takesLinks) };
      } catch (failure) {
        if (!(failure instanceof HobError))
          host.log.error('an MCP tool failed', failure, { tool: name });
        const { code, message } = toWireError(failure);
        return { result: failedResult(code, message) };
      }
    },
  });
}

function definitionOf(tool: Tool<z.ZodObject, z.ZodObject>): JsonObject {
  const { title, description, input, output, annotations } = tool;
  return {
    title,
    description,
    inputSchema: leanSchema(input, 'input'),
    outputSchema: leanSchema(output, 'output'),
    annotations,
  };
}

const problemsIn = ({ error }: z.ZodSafeParseError<unknown>): string => z.prettifyError(error);

/** An answer that is not what the tool promises is a fault of ours; the caller is not to build on it. */
function checked(tool: Tool<z.ZodObject, z.ZodObject>, answer: ToolAnswer): ToolAnswer {
  const { success, error } = tool.output.safeParse(answer.data);
  if (success || answer.isError === true) return answer;
  throw new Error(`${tool.name} answered with what its schema does not allow`, { cause: error });
}

function callOf(host: ToolHost, context: ToolContext): ToolCall {
  const { sdk, task, canAsk, answers } = context;
  const { _meta: meta = {}, signal } = sdk.mcpReq;
  const waited = meta[WAITED_MS];
  const given = meta[CALL_ID];
  return {
    id: typeof given === 'string' && given.length <= 128 ? given : host.newCallId(),
    resent: typeof waited === 'number',
    waitMs: typeof waited === 'number' ? Math.max(0, WAIT_MS - waited) : WAIT_MS,
    signal,
    task,
    canAsk,
    answers: answers(),
    tell: progressOf(sdk),
  };
}

/** Progress notifications of one call: each with a higher number than the one before. */
function progressOf({ mcpReq }: ServerContext): (message: string) => void {
  const { _meta: meta } = mcpReq;
  const token = meta?.progressToken;
  if (token === undefined) return () => {};
  let progress = 0;
  return (message) => {
    if (mcpReq.signal.aborted) return;
    progress += 1;
    const params = { progressToken: token, progress, message };
    // A caller that has gone is nobody to tell.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
  };
}
