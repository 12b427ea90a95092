import type { JsonObject } from '#schema/envelope/json.ts';
import { endedRunStatuses, type RunView } from '#schema/views/run.ts';
import { answerOf, toolResult, type ToolResult } from './answers.ts';

/** The extension of protocol 2026-07-28 (SEP-2663); in 2025-11-25 tasks are a capability of the protocol itself. */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';
/** In `_meta` of what belongs to a task, in 2025-11-25. */
export const RELATED_TASK = 'io.modelcontextprotocol/related-task';

/** A call that goes on after its caller was told that it does. */
export interface Task {
  id: string;
  status: 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';
  /** How it stands, in words. */
  message?: string;
  createdAt: string;
  updatedAt: string;
  /** Null: kept for good. */
  ttlMs: number | null;
  /** How often it is worth asking. */
  pollMs: number;
  /** Of a completed one. */
  result?: ToolResult;
  /** Of a failed one: a failure of the protocol, not of the tool. */
  error?: { code: number; message: string };
  /** What it needs to know from its caller before it goes on, by key. */
  asks?: Readonly<Record<string, JsonObject>>;
}

export const isOver = ({ status }: Task): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled';

/** A person is asked: looking more often tells nothing sooner than waiting with get_run. */
const POLL_MS = 1_000;

const words: Partial<Record<RunView['status'], string>> = {
  queued: 'It is about to start.',
  running: 'It is running.',
  waiting_for_approval: 'A person has to answer in the editor.',
};
/** How a run stands, for one who waits for it. */
export const standing = (run: RunView): string =>
  words[run.status] ?? `It has ended: ${run.status}.`;

/** A run as a task. The run is durable, so the task outlives the connection and the host. */
export function taskOfRun(run: RunView): Task {
  const task = {
    id: run.run_id,
    message: standing(run),
    createdAt: run.created_at,
    updatedAt: run.ended_at ?? run.started_at ?? run.created_at,
    ttlMs: null,
    pollMs: POLL_MS,
  };
  if (!endedRunStatuses.includes(run.status)) return { ...task, status: 'working' };
  if (run.status === 'cancelled') return { ...task, status: 'cancelled' };
  return { ...task, status: 'completed', result: toolResult(answerOf(run), false) };
}

const shown2026 = (task: Task): JsonObject => ({
  taskId: task.id,
  status: task.status,
  createdAt: task.createdAt,
  lastUpdatedAt: task.updatedAt,
  ttlMs: task.ttlMs,
  pollIntervalMs: task.pollMs,
  ...(task.message === undefined ? {} : { statusMessage: task.message }),
});

/** Answers the tools/call that became a task, in 2026-07-28. */
export const createdTask2026 = (task: Task): JsonObject => ({
  resultType: 'task',
  ...shown2026(task),
});

/** Answers tasks/get in 2026-07-28: the result lies in it. */
export const taskDetail2026 = (task: Task): JsonObject => ({
  ...shown2026(task),
  ...(task.status === 'completed' ? { result: task.result as unknown as JsonObject } : {}),
  ...(task.status === 'failed' && task.error !== undefined ? { error: task.error } : {}),
  ...(task.status === 'input_required' ? { inputRequests: { ...task.asks } } : {}),
});

/** A task in 2025-11-25, where a tool that reports an error has failed. */
export const task2025 = (task: Task): JsonObject => ({
  taskId: task.id,
  status: task.status === 'completed' && task.result?.isError === true ? 'failed' : task.status,
  createdAt: task.createdAt,
  lastUpdatedAt: task.updatedAt,
  ttl: task.ttlMs,
  pollInterval: task.pollMs,
  ...(task.message === undefined ? {} : { statusMessage: task.message }),
});
