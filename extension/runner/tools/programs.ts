import * as vscode from 'vscode';
import type { EditorToolResult } from '#schema/views/editor-tools.ts';
import { becomes } from '../observe.ts';
import type { EditorTools, ToolContext } from '../ports.ts';
import { ToolFailure } from '../tool-failure.ts';

type TaskEnd = EditorToolResult<'editor.run_task'>;

/** Tasks are called by their own name or, as `Run Task` shows them, with the source in front. */
const isCalled = (task: vscode.Task, name: string): boolean =>
  task.name === name || `${task.source}: ${task.name}` === name;

function requireTrust(): void {
  if (!vscode.workspace.isTrusted) throw new ToolFailure('editor_untrusted');
}

/** The task of group "test" that is marked as default, else the only or first one. */
function testTask(tasks: readonly vscode.Task[]): vscode.Task | undefined {
  const inGroup = tasks.filter(({ group }) => group?.id === vscode.TaskGroup.Test.id);
  return (
    inGroup.find(({ group }) => group?.isDefault === true) ??
    inGroup.find(({ source }) => source === 'Workspace') ??
    inGroup[0] ??
    tasks.find(({ name, source }) => source === 'npm' && name === 'test')
  );
}

interface WatchedTask extends vscode.Disposable {
  /** Of the task's process; undefined when it was stopped or never had a process. */
  readonly exitCode: Promise<number | undefined>;
  /** Ends it, as soon as there is something to end. */
  stop(): void;
}

function watch(execution: vscode.TaskExecution): WatchedTask {
  const listeners: vscode.Disposable[] = [];
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    execution.terminate();
  };
  const exitCode = new Promise<number | undefined>((resolve) => {
    listeners.push(
      vscode.tasks.onDidStartTaskProcess((event) => {
        // The editor ignores an end that comes before the process is there.
        if (event.execution === execution && stopped) execution.terminate();
      }),
      vscode.tasks.onDidEndTaskProcess((event) => {
        if (event.execution === execution) resolve(event.exitCode);
      }),
      vscode.tasks.onDidEndTask((event) => {
        // A task without a process of its own ends without the event above.
        if (event.execution === execution) setTimeout(() => resolve(undefined), 500);
      }),
    );
  });
  return { exitCode, stop, dispose: () => void vscode.Disposable.from(...listeners).dispose() };
}

/** Runs a task to its end, under a notification that can stop it. */
async function runTask(task: vscode.Task, { signal }: ToolContext): Promise<TaskEnd> {
  requireTrust();
  const started = performance.now();
  const options = { location: vscode.ProgressLocation.Notification, cancellable: true };
  const exitCode = await vscode.window.withProgress(
    { ...options, title: `Hob runs "${task.name}"` },
    async (_progress, stop) => {
      if (signal.aborted) throw new ToolFailure('editor_cancelled');
      const execution = await vscode.tasks.executeTask(task);
      const watched = watch(execution);
      const byHand = stop.onCancellationRequested(watched.stop);
      signal.addEventListener('abort', watched.stop, { once: true });
      // It may have been cancelled while the task was started.
      if (signal.aborted) watched.stop();
      try {
        return await watched.exitCode;
      } finally {
        signal.removeEventListener('abort', watched.stop);
        byHand.dispose();
        watched.dispose();
      }
    },
  );
  if (signal.aborted) throw new ToolFailure('editor_cancelled');
  return taskEnd(task.name, exitCode, Math.round(performance.now() - started));
}

function taskEnd(task: string, exitCode: number | undefined, durationMs: number): TaskEnd {
  if (exitCode === undefined) {
    throw new ToolFailure('task_not_ended', `"${task}" was stopped before it ended.`, { task });
  }
  const end = { task, exit_code: exitCode, duration_ms: durationMs };
  if (exitCode !== 0) {
    const message = `"${task}" ended with exit code ${exitCode}; its terminal shows why.`;
    throw new ToolFailure('task_failed', message, end);
  }
  return end;
}

interface LaunchConfiguration {
  readonly folder: vscode.WorkspaceFolder | undefined;
  readonly configuration: vscode.DebugConfiguration;
}

/** The first configuration that launch.json names. */
function firstLaunch(): LaunchConfiguration | undefined {
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    const found = vscode.workspace
      .getConfiguration('launch', folder.uri)
      .get<vscode.DebugConfiguration[]>('configurations', []);
    const [configuration] = found;
    if (configuration !== undefined) return { folder, configuration };
  }
  return undefined;
}

export const programTools: Pick<
  EditorTools,
  'editor.run_tests' | 'editor.run_task' | 'editor.start_debugging'
> = {
  'editor.run_tests': async (_args, context) => {
    requireTrust();
    const task = testTask(await vscode.tasks.fetchTasks());
    if (task === undefined) throw new ToolFailure('task_no_tests');
    return runTask(task, context);
  },

  'editor.run_task': async ({ name }, context) => {
    requireTrust();
    const tasks = await vscode.tasks.fetchTasks();
    const task = tasks.find((one) => isCalled(one, name));
    if (task === undefined) {
      const known = tasks.slice(0, 8).map((one) => one.name);
      const hint = known.length === 0 ? 'It has none.' : `There is: ${known.join(', ')}.`;
      throw new ToolFailure('task_not_found', `No task is called "${name}" here. ${hint}`);
    }
    return runTask(task, context);
  },

  'editor.start_debugging': async (_args, { signal }) => {
    requireTrust();
    const launch = firstLaunch();
    if (launch === undefined) throw new ToolFailure('debug_not_configured');
    const { name, type } = launch.configuration;
    if (!(await vscode.debug.startDebugging(launch.folder, launch.configuration))) {
      throw new ToolFailure('editor_failed', `The debugger "${name}" did not start.`);
    }
    await becomes(() => vscode.debug.activeDebugSession !== undefined, signal, 5_000);
    const session = vscode.debug.activeDebugSession;
    return { session: session?.name ?? name, type: session?.type ?? type };
  },
};
