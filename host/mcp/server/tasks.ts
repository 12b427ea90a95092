import {
  ProtocolError,
  ProtocolErrorCode,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import {
  isOver,
  RELATED_TASK,
  task2025,
  taskDetail2026,
  TASKS_EXTENSION,
  type Task,
} from '../core/tasks.ts';
import { failedResult } from '../core/answers.ts';
import { capabilitiesOf, needsTasks, type Era } from './tool-calls.ts';

/** Where tasks are kept. A task of another principal is one that is not there. */
export interface Tasks {
  get(id: string): Promise<Task | null>;
  /** Resolves when it is over, or with its present state on abort. */
  ended(id: string, signal: AbortSignal): Promise<Task | null>;
  /** Ends it if it goes on. */
  cancel(id: string): Promise<void>;
  /** Answers to what it asked, by key. */
  update(id: string, answers: Readonly<Record<string, unknown>>): Promise<void>;
  /** Newest first, after the one that `cursor` names. */
  list(cursor: string | undefined): Promise<{ tasks: readonly Task[]; next?: string }>;
}

/** The tasks of the product, and those of an extension that may be there. */
export function bothOf(mine: Tasks, more: Tasks | undefined): Tasks {
  if (more === undefined) return mine;
  const owner = async (id: string): Promise<Tasks> => ((await more.get(id)) === null ? mine : more);
  return {
    get: async (id) => (await owner(id)).get(id),
    ended: async (id, signal) => (await owner(id)).ended(id, signal),
    cancel: async (id) => (await owner(id)).cancel(id),
    update: async (id, answers) => (await owner(id)).update(id, answers),
    list: (cursor) => mine.list(cursor),
  };
}

export interface TasksOptions {
  server: McpServer;
  era: Era;
  tasks: Tasks;
}

/** Answers tasks/* in the words of the era. */
export const serveTasks = (options: TasksOptions): void =>
  options.era === 'modern' ? serve2026(options) : serve2025(options);

const named = z.looseObject({ taskId: z.string() });
const anything = z.looseObject({});

async function found({ tasks }: TasksOptions, id: string): Promise<Task> {
  return there(await tasks.get(id));
}
function there(task: Task | null): Task {
  if (task === null)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is no such task.');
  return task;
}

function serve2026(options: TasksOptions): void {
  const { server: mcp, tasks } = options;
  const { server } = mcp;
  server.registerCapabilities({ extensions: { [TASKS_EXTENSION]: {} } });
  /** A client that does not know tasks cannot have been given one. */
  const knowsTasks = (sdk: ServerContext): void => {
    if (capabilitiesOf(options, sdk).extensions?.[TASKS_EXTENSION] === undefined)
      throw needsTasks();
  };
  server.setRequestHandler(
    'tasks/get',
    { params: named, result: anything },
    async (params, sdk) => {
      knowsTasks(sdk);
      return taskDetail2026(await found(options, params.taskId));
    },
  );
  server.setRequestHandler(
    'tasks/update',
    { params: named, result: anything },
    async (params, sdk) => {
      knowsTasks(sdk);
      await found(options, params.taskId);
      // The SDK lifts the answers out of the parameters.
      const answers = params['inputResponses'] ?? sdk.mcpReq.inputResponses ?? {};
      await tasks.update(params.taskId, answers as Record<string, unknown>);
      return {};
    },
  );
  server.setRequestHandler(
    'tasks/cancel',
    { params: named, result: anything },
    async (params, sdk) => {
      knowsTasks(sdk);
      await found(options, params.taskId);
      await tasks.cancel(params.taskId);
      return {};
    },
  );
}

function serve2025(options: TasksOptions): void {
  const { server: mcp, tasks } = options;
  const { server } = mcp;
  server.registerCapabilities({
    tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
  });
  server.setRequestHandler('tasks/get', { params: named, result: anything }, async ({ taskId }) =>
    task2025(await found(options, taskId)),
  );
  server.setRequestHandler(
    'tasks/list',
    { params: z.looseObject({ cursor: z.string().optional() }), result: anything },
    async ({ cursor }) => {
      const { tasks: some, next } = await tasks.list(cursor);
      return { tasks: some.map(task2025), ...(next === undefined ? {} : { nextCursor: next }) };
    },
  );
  server.setRequestHandler(
    'tasks/cancel',
    { params: named, result: anything },
    async ({ taskId }) => {
      if (isOver(await found(options, taskId)))
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The task is over already.');
      await tasks.cancel(taskId);
      return task2025(await found(options, taskId));
    },
  );
  // Answers when it is over, with what the tools/call would have answered.
  server.setRequestHandler(
    'tasks/result',
    { params: named, result: anything },
    async ({ taskId }, { mcpReq }) => {
      const task = there(await tasks.ended(taskId, mcpReq.signal));
      if (task.status === 'failed' && task.error !== undefined)
        throw new ProtocolError(task.error.code, task.error.message);
      const result = task.result ?? failedResult('cancelled', 'The task was cancelled.');
      return { ...result, _meta: { [RELATED_TASK]: { taskId } } };
    },
  );
}
