import type { JsonObject } from '#schema/envelope/json.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import { editorTools } from '#schema/views/editor-tools.ts';
import type { RunnerKind } from '#schema/views/run.ts';
import type { TaskAction, TaskView } from '#schema/views/task.ts';
import { HobError } from '#host/kernel/errors.ts';

/** One exact call, and who carries it out. */
export interface TaskCall {
  call: ActionCall;
  runner: RunnerKind;
}

const isEditorTool = (tool: string): tool is keyof typeof editorTools =>
  Object.hasOwn(editorTools, tool);

/** Throws `invalid_payload` for what no run could ever do. */
export function requireAction(action: TaskAction): void {
  if (action.kind === 'editor') {
    if (!isEditorTool(action.tool)) throw refuse(`There is no editor tool "${action.tool}".`);
    const read = editorTools[action.tool].arguments.safeParse(action.arguments);
    if (!read.success) throw refuse(`${action.tool} does not take these arguments.`);
  }
  if (action.kind === 'command' && action.argv.some((word) => word.includes('\0')))
    throw refuse('No word of a command may hold a NUL byte.');
}

const refuse = (message: string): HobError => new HobError('invalid_payload', { message });

/** The call that a task means; null for a sentence, which is understood when it is due. */
export function callOfTask(task: Pick<TaskView, 'action' | 'name' | 'folders'>): TaskCall | null {
  const { action } = task;
  switch (action.kind) {
    case 'command': {
      const cwd = action.cwd ?? task.folders[0];
      const { argv } = action;
      return {
        runner: 'host',
        call: {
          action: 'command.run',
          tool: 'command.run',
          argv,
          ...(cwd === undefined ? {} : { cwd }),
          arguments: { argv },
        },
      };
    }
    case 'editor': {
      if (!isEditorTool(action.tool)) throw refuse(`There is no editor tool "${action.tool}".`);
      const kind = editorTools[action.tool].action;
      return {
        runner: 'editor',
        call: { action: kind, tool: action.tool, arguments: action.arguments },
      };
    }
    case 'tool':
      return internal('host.tool', action.tool, action.arguments);
    case 'reminder':
      return internal('notify.show', 'notify.show', { title: task.name, message: action.message });
    case 'sentence':
      return null;
  }
}

const internal = (action: ActionCall['action'], tool: string, args: JsonObject): TaskCall => ({
  runner: 'internal',
  call: { action, tool, arguments: args },
});
