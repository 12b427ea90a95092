// The named tasks of the workspace. Asking for them starts other extensions, so it happens late, with a
// limit, and again only when something that defines tasks was saved.
import * as vscode from 'vscode';
import type { EditorContext } from '#schema/views/editor-context.ts';

type Task = EditorContext['tasks'][number];

const FIRST_MS = 1_500;
const AGAIN_MS = 500;
const LIMIT_MS = 10_000;
const MOST = 512;
const definesTasks = /(?:^|\/)(?:\.vscode\/tasks\.json|package\.json|[^/]+\.code-workspace)$/;

export class TaskList implements vscode.Disposable {
  readonly #emitter = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#emitter.event;
  readonly #subscriptions: vscode.Disposable;
  #timer: NodeJS.Timeout;
  #tasks: readonly Task[] = [];

  constructor() {
    const again = (): void => this.#schedule(AGAIN_MS);
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (definesTasks.test(uri.path)) again();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('tasks')) again();
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(again),
      vscode.workspace.onDidGrantWorkspaceTrust(again),
    );
    this.#timer = setTimeout(() => void this.#fetch(), FIRST_MS);
  }

  get tasks(): readonly Task[] {
    return this.#tasks;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscriptions.dispose();
    this.#emitter.dispose();
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#fetch(), ms);
  }

  async #fetch(): Promise<void> {
    const tasks = vscode.workspace.isTrusted ? await fetchTasks() : [];
    if (tasks === null || JSON.stringify(tasks) === JSON.stringify(this.#tasks)) return;
    this.#tasks = tasks;
    this.#emitter.fire();
  }
}

/** Null when the editor did not answer in time. */
async function fetchTasks(): Promise<readonly Task[] | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), LIMIT_MS);
  });
  const found = await Promise.race([vscode.tasks.fetchTasks(), late]).catch(() => null);
  clearTimeout(timer);
  return found === null ? null : found.slice(0, MOST).map(describe);
}

function describe(task: vscode.Task): Task {
  const { id } = task.group ?? {};
  const group = id === 'build' || id === 'test' ? id : 'none';
  return { name: task.name.slice(0, 256), group };
}
