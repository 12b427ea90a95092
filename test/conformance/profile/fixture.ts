// How the profile adds a tool: as the protocol sees it, without what Hob's own tools are made of.
import type { InputRequiredResult } from '@modelcontextprotocol/server';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { Task } from '#host/mcp/core/tasks.ts';
import type { ServedTool, ToolContext, ToolHost } from '#host/mcp/server/tool.ts';

export interface Fixture {
  name: string;
  description: string;
  input?: JsonObject;
  taskSupport?: 'optional' | 'required';
  run(args: JsonObject, context: ToolContext): Promise<FixtureAnswer> | FixtureAnswer;
}
/** Content of a finished call, a question, or a task. */
export type FixtureAnswer =
  | { content: JsonObject[]; isError?: boolean }
  | InputRequiredResult
  | { task: Task };

export const text = (value: string): JsonObject => ({ type: 'text', text: value });
export const said = (value: string): FixtureAnswer => ({ content: [text(value)] });
export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

export const object = (properties: JsonObject, required: readonly string[] = []): JsonObject => ({
  type: 'object',
  properties,
  required: [...required],
});

export function addFixture(host: ToolHost, fixture: Fixture): void {
  const { name, description, input, taskSupport } = fixture;
  const served: ServedTool = {
    name,
    ...(taskSupport === undefined ? {} : { taskSupport }),
    definition: () => ({ description, inputSchema: input ?? object({}) }),
    async call(args, context) {
      const answer = await fixture.run((args ?? {}) as JsonObject, context);
      return 'task' in answer
        ? { task: answer.task as Task }
        : { result: answer as unknown as { content: JsonObject[] } };
    },
  };
  host.tools.set(name, served);
}
