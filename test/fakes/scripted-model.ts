/**
 * A model server that says what a test wrote down, on the loopback interface only: OpenAI's Responses
 * API over server-sent events, and Chat Completions and Gemini's own (scripted-chats.ts). It exists so that a real agent CLI can be driven end to end with
 * no network and no account.
 *
 * The step to play is found by counting the tool results in the conversation the agent sends back,
 * so a retried request plays the same step again.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { JsonObject } from '#schema/envelope/json.ts';
import { chatFor } from './scripted-chats.ts';
import type { ModelStep, ToolResult } from './model-steps.ts';

export type { ModelStep, ToolResult };

/** A placeholder for the numeric id of the agent's last interactive shell, known only at run time. */
export const LAST_SHELL_SESSION = '{{last-shell-session}}';

export interface ScriptedModel {
  /** Base address for the agent's provider setting, ending in `/v1`. */
  readonly baseUrl: string;
  /** Every tool result the agent has sent so far, in order. */
  toolResults(): readonly ToolResult[];
  /** Requests that named a path this fake does not serve: a test should see none. */
  unknownPaths(): readonly string[];
  close(): Promise<void>;
}

interface Conversation {
  readonly input?: readonly Record<string, unknown>[];
}

/** Starts the fake on a free port of 127.0.0.1. The caller closes it. */
export async function startScriptedModel(steps: readonly ModelStep[]): Promise<ScriptedModel> {
  const results: ToolResult[] = [];
  const unknown: string[] = [];
  const server = createServer((request, response) => {
    readBody(request).then(
      (body) => answer({ request, response, body, steps, results, unknown }),
      () => response.destroy(),
    );
  });
  const port = await listen(server);
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    toolResults: () => results,
    unknownPaths: () => unknown,
    close: () => close(server),
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
  readonly steps: readonly ModelStep[];
  readonly results: ToolResult[];
  readonly unknown: string[];
}

function answer(exchange: Exchange): void {
  const path = (exchange.request.url ?? '').split('?')[0] ?? '';
  if (exchange.request.method === 'GET' && path.endsWith('/models')) {
    const models = { object: 'list', data: [{ id: 'scripted', object: 'model' }], models: [] };
    exchange.response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(models));
    return;
  }
  if (exchange.request.method === 'POST' && path.endsWith('/responses')) {
    playStep(exchange);
    return;
  }
  const chat = exchange.request.method === 'POST' ? chatFor(path) : undefined;
  if (chat !== undefined) {
    const conversation = JSON.parse(exchange.body) as JsonObject;
    exchange.results.splice(0, exchange.results.length, ...chat.results(conversation));
    const step = exchange.steps[exchange.results.length] ?? { say: 'Done.' };
    chat.answer(exchange.response, step, exchange.results.length + 1, conversation);
    return;
  }
  exchange.unknown.push(`${exchange.request.method ?? '?'} ${path}`);
  exchange.response
    .writeHead(404, { 'content-type': 'application/json' })
    .end('{"error":{"message":"not served"}}');
}

function playStep({ response, body, steps, results }: Exchange): void {
  const conversation = JSON.parse(body) as Conversation;
  const seen = (conversation.input ?? []).filter((item) =>
    String(item['type']).endsWith('_call_output'),
  );
  const done = seen.filter((item) => !isMissingTool(item));
  const missing = seen.length - done.length;
  results.splice(0, results.length, ...done.map(toToolResult));
  const step = (missing > MOST_RETRIES ? undefined : steps[done.length]) ?? { say: 'Done.' };
  const item = toItem(fillSession(step, body), seen.length + 1);
  const last = seen.at(-1);
  const pause = last !== undefined && isMissingTool(last) ? RETRY_MS : 0;
  setTimeout(() => sendItem(response, item, `resp_${seen.length + 1}`), pause);
}

function sendItem(response: ServerResponse, item: object, id: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of [
    { type: 'response.created', response: { id } },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: { id, usage: NO_USAGE } },
  ]) {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }
  response.end();
}

/**
 * Agents begin before their MCP servers are up, and then know no such tool. A patient model asks
 * again: the same step is played until the tool is there.
 */
const isMissingTool = (item: Record<string, unknown>): boolean =>
  String(item['output']).startsWith('unsupported call');
const MOST_RETRIES = 100;
const RETRY_MS = 250;

const NO_USAGE = {
  input_tokens: 1,
  input_tokens_details: null,
  output_tokens: 1,
  output_tokens_details: null,
  total_tokens: 2,
} as const;

function toToolResult(item: Record<string, unknown>): ToolResult {
  return { call_id: String(item['call_id']), output: item['output'] };
}

function toItem(step: ModelStep, number: number): object {
  const call_id = `call_${number}`;
  if ('say' in step) {
    const content = [{ type: 'output_text', text: step.say, annotations: [] }];
    return {
      type: 'message',
      id: `msg_${number}`,
      role: 'assistant',
      status: 'completed',
      content,
    };
  }
  if ('custom' in step) {
    const { custom: name, input } = step;
    return {
      type: 'custom_tool_call',
      id: `ct_${number}`,
      call_id,
      name,
      input,
      status: 'completed',
    };
  }
  return {
    type: 'function_call',
    id: `fc_${number}`,
    call_id,
    name: step.call,
    ...(step.namespace === undefined ? {} : { namespace: step.namespace }),
    arguments: JSON.stringify(step.arguments),
    status: 'completed',
  };
}

/** Agents report an interactive shell as "session ID 1234" and take the number back in the next call. */
function fillSession(step: ModelStep, body: string): ModelStep {
  const id = /session ID (\d+)/.exec(body)?.[1];
  if (id === undefined) return step;
  return JSON.parse(JSON.stringify(step).replaceAll(`"${LAST_SHELL_SESSION}"`, id)) as ModelStep;
}

function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', reject);
  });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else resolve(address.port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
