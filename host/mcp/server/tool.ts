import type { McpServer } from '@modelcontextprotocol/server';
import type * as z from 'zod';
import { HobError, toWireError } from '#host/kernel/errors.ts';
import type { Log } from '#host/kernel/log.ts';
import { CALL_ID, WAIT_MS, WAITED_MS } from '../core/bridge-facts.ts';
import { leanSchema } from './lean-schema.ts';

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
}

/** What a tool answers: data by its output schema, and the same for models that only read text. */
export interface ToolAnswer {
  data: Record<string, unknown>;
  text?: string;
  /** The call did not do what it is for. */
  isError?: boolean;
}

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
  run(input: z.output<I>, call: ToolCall): Promise<ToolAnswer>;
}

/** Reads Hob's own state and nothing else. */
export const reads = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

export interface ToolHost {
  server: McpServer;
  log: Log;
  newCallId(): string;
}

/** Registers a tool. What it throws becomes an error result with a stable code in front, never a protocol error. */
export function registerTool<I extends z.ZodObject, O extends z.ZodObject>(
  host: ToolHost,
  tool: Tool<I, O>,
): void {
  const { name, title, description, input, output, annotations } = tool;
  const config = {
    title,
    description,
    inputSchema: leanSchema(input),
    outputSchema: leanSchema(output),
    annotations,
  };
  host.server.registerTool(name, config, async (args, { mcpReq }) => {
    const { _meta: meta = {} } = mcpReq;
    const waited = meta[WAITED_MS];
    const given = meta[CALL_ID];
    const call: ToolCall = {
      id: typeof given === 'string' && given.length <= 128 ? given : host.newCallId(),
      resent: typeof waited === 'number',
      waitMs: typeof waited === 'number' ? Math.max(0, WAIT_MS - waited) : WAIT_MS,
      signal: mcpReq.signal,
    };
    try {
      const { data, text, isError } = await tool.run(args as z.output<I>, call);
      return {
        content: [{ type: 'text', text: text ?? JSON.stringify(data) }],
        structuredContent: data,
        ...(isError === true ? { isError } : {}),
      };
    } catch (failure) {
      if (!(failure instanceof HobError))
        host.log.error('an MCP tool failed', failure, { tool: name });
      const { code, message } = toWireError(failure);
      return { content: [{ type: 'text', text: `${code}: ${message}` }], isError: true };
    }
  });
}
