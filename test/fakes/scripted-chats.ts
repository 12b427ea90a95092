/** Two more ways in which agents talk to a model: Chat Completions, and Gemini's generateContent. */
import type { ServerResponse } from 'node:http';
import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';
import { isObject } from '#schema/wire/check-envelope.ts';
import type { ModelStep, ToolResult } from './model-steps.ts';

interface Chat {
  /** Every tool result that the conversation holds, in order. */
  results(conversation: JsonObject): ToolResult[];
  answer(response: ServerResponse, step: ModelStep, number: number, asked: JsonObject): void;
}

/** The chat that is spoken at this path; nothing for a path that is not one. */
export function chatFor(path: string): Chat | undefined {
  if (path.endsWith('/chat/completions')) return completions;
  if (path.endsWith(':streamGenerateContent')) return gemini;
  return path.endsWith(':generateContent') ? geminiAside : undefined;
}

const list = (value: JsonValue | undefined): JsonObject[] =>
  Array.isArray(value) ? (value as JsonObject[]) : [];

function sendEvents(response: ServerResponse, events: readonly (object | string)[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events)
    response.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
  response.end();
}

const completions: Chat = {
  results: ({ messages }) =>
    list(messages)
      .filter(({ role }) => role === 'tool')
      .map((message) => ({ call_id: String(message['tool_call_id']), output: message['content'] })),
  answer(response, step, number) {
    const base = { id: `cc_${number}`, object: 'chat.completion.chunk', created: 1, model: 'fake' };
    const call = 'call' in step ? step : null;
    const tool = call && {
      index: 0,
      id: `call_${number}`,
      type: 'function',
      function: { name: call.call, arguments: JSON.stringify(call.arguments) },
    };
    const delta =
      tool === null
        ? { role: 'assistant', content: 'say' in step ? step.say : '' }
        : { role: 'assistant', content: null, tool_calls: [tool] };
    const end = tool === null ? 'stop' : 'tool_calls';
    sendEvents(response, [
      { ...base, choices: [{ index: 0, delta, finish_reason: null }] },
      { ...base, choices: [{ index: 0, delta: {}, finish_reason: end }] },
      {
        ...base,
        choices: [],
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      },
      '[DONE]',
    ]);
  },
};

const geminiReply = (part: object): object => ({
  candidates: [{ content: { role: 'model', parts: [part] }, finishReason: 'STOP', index: 0 }],
  usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
  modelVersion: 'fake',
});

const gemini: Chat = {
  results: ({ contents }) =>
    list(contents)
      .flatMap(({ parts }) => list(parts))
      .flatMap(({ functionResponse: result }) => (isObject(result) ? [result] : []))
      .map(({ name, response }) => ({ call_id: String(name), output: response })),
  answer(response, step, number) {
    const part =
      'call' in step
        ? { functionCall: { name: step.call, args: step.arguments, id: `call_${number}` } }
        : { text: 'say' in step ? step.say : '' };
    sendEvents(response, [geminiReply(part)]);
  },
};

/** Gemini CLI asks small questions on the side, such as who speaks next. */
const geminiAside: Chat = {
  results: gemini.results,
  answer(response) {
    const text = JSON.stringify({ reasoning: 'The answer is complete.', next_speaker: 'user' });
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(geminiReply({ text })));
  },
};
