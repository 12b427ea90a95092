import * as z from 'zod';
import type { Action } from './action-call.ts';

/** What an editor tool may be for the policy table. */
export type EditorToolAction = Extract<
  Action,
  'editor.navigate' | 'editor.edit' | 'task.run' | 'command.run'
>;

/** One row: everything that is true of a tool that runs in an editor window. */
export interface EditorToolRow<A extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  action: EditorToolAction;
  /** What it does, as an imperative sentence on a card. */
  title: string;
  /** The slots of the sentence are its arguments, by the same names. */
  arguments: A;
  /** What was observed in the window afterwards, never only "ok". */
  result: R;
}

const tool = <A extends z.ZodType, R extends z.ZodType>(
  row: EditorToolRow<A, R>,
): EditorToolRow<A, R> => row;

const nothing = z.object({});
const partState = z.enum(['shown', 'hidden']);
/** A part of the window to show or hide; without `state`, the other of what it was. */
const part = z.object({ state: partState.optional() });
/** The editor that is active afterwards; lines and columns count from 1. All null when there is none. */
const place = z.object({
  file: z.string().nullable(),
  line: z.number().int().positive().nullable(),
  column: z.number().int().positive().nullable(),
});
/** The document afterwards: its version counts changes. */
const edited = place.extend({
  changed: z.boolean(),
  dirty: z.boolean(),
  version: z.number().int(),
});
const problem = place.extend({
  message: z.string(),
  severity: z.enum(['error', 'warning', 'info', 'hint']),
  problems: z.number().int(),
});
const taskEnd = z.object({
  task: z.string(),
  exit_code: z.number().int(),
  duration_ms: z.number().int().nonnegative(),
});

/**
 * The tools that an editor window executes when the host sends it `runtime.tool_call`. The name is
 * the call's `tool` and is never reused. A failure has one of `editorToolErrors` as its code.
 */
export const editorTools = {
  'editor.open_settings': tool({
    action: 'editor.navigate',
    title: 'Open the settings',
    arguments: nothing,
    result: z.object({ tab: z.string() }),
  }),
  'editor.save_file': tool({
    action: 'editor.edit',
    title: 'Save the file',
    arguments: nothing,
    result: z.object({ file: z.string(), dirty: z.literal(false) }),
  }),
  'editor.save_all': tool({
    action: 'editor.edit',
    title: 'Save all files',
    arguments: nothing,
    result: z.object({ saved: z.array(z.string()), unsaved: z.array(z.string()) }),
  }),
  'editor.close_editor': tool({
    action: 'editor.navigate',
    title: 'Close the editor',
    arguments: nothing,
    result: z.object({ closed: z.string(), editors: z.number().int() }),
  }),
  'editor.split_editor': tool({
    action: 'editor.navigate',
    title: 'Split the editor',
    arguments: nothing,
    result: z.object({ groups: z.number().int() }),
  }),
  'editor.go_to_line': tool({
    action: 'editor.navigate',
    title: 'Go to a line',
    arguments: z.object({ line: z.number().int().positive() }),
    result: place,
  }),
  'editor.go_back': tool({
    action: 'editor.navigate',
    title: 'Go back to where you were',
    arguments: nothing,
    result: place,
  }),
  'editor.toggle_terminal': tool({
    action: 'editor.navigate',
    title: 'Show or hide the terminal',
    arguments: part,
    result: z.object({ state: partState, terminals: z.number().int() }),
  }),
  'editor.toggle_sidebar': tool({
    action: 'editor.navigate',
    title: 'Show or hide the side bar',
    arguments: part,
    /** Extensions cannot see the side bar, so after a plain toggle its state is not known. */
    result: z.object({ state: z.enum(['shown', 'hidden', 'toggled']) }),
  }),
  'editor.find_in_files': tool({
    action: 'editor.navigate',
    title: 'Search in the files of the workspace',
    arguments: z.object({ query: z.string().min(1).max(1_024).optional() }),
    result: z.object({ query: z.string().nullable() }),
  }),
  'editor.format_document': tool({
    action: 'editor.edit',
    title: 'Format the document',
    arguments: nothing,
    result: edited,
  }),
  'editor.undo': tool({
    action: 'editor.edit',
    title: 'Undo the last change',
    arguments: nothing,
    result: edited,
  }),
  'editor.redo': tool({
    action: 'editor.edit',
    title: 'Redo the last change',
    arguments: nothing,
    result: edited,
  }),
  'editor.next_problem': tool({
    action: 'editor.navigate',
    title: 'Go to the next problem',
    arguments: nothing,
    result: problem,
  }),
  'editor.previous_problem': tool({
    action: 'editor.navigate',
    title: 'Go to the previous problem',
    arguments: nothing,
    result: problem,
  }),
  'editor.run_tests': tool({
    action: 'task.run',
    title: "Run the workspace's test task",
    arguments: nothing,
    result: taskEnd,
  }),
  'editor.run_task': tool({
    action: 'task.run',
    title: 'Run a named task',
    arguments: z.object({ name: z.string().min(1).max(256) }),
    result: taskEnd,
  }),
  'editor.start_debugging': tool({
    action: 'task.run',
    title: 'Start debugging',
    arguments: nothing,
    result: z.object({ session: z.string(), type: z.string() }),
  }),
  'editor.open_source_control': tool({
    action: 'editor.navigate',
    title: 'Show source control',
    arguments: nothing,
    result: z.object({ view: z.literal('scm') }),
  }),
  /** Any command of the palette can do anything, so it is asked about like a command line. */
  'editor.run_command': tool({
    action: 'command.run',
    title: 'Run an editor command',
    /** As the palette shows it: the id behind it is looked up in the window. */
    arguments: z.object({ title: z.string().min(1).max(256) }),
    result: z.object({ command: z.string() }),
  }),
} as const satisfies Record<string, EditorToolRow>;

export type EditorToolName = keyof typeof editorTools;
export const editorToolNames = Object.keys(editorTools) as [EditorToolName, ...EditorToolName[]];
/** What the tool receives, parsed. */
export type EditorToolArguments<N extends EditorToolName> = z.output<
  (typeof editorTools)[N]['arguments']
>;
/** What it answers. */
export type EditorToolResult<N extends EditorToolName> = z.input<(typeof editorTools)[N]['result']>;

/** Codes of `toolcall.fail`, with whether the same call may work a moment later. The message is a sentence to act on. */
export const editorToolErrors = {
  editor_no_file: { retryable: false, message: 'No file is open in this window; open one first.' },
  editor_not_saved: { retryable: false, message: 'The editor did not save the file.' },
  editor_no_change: { retryable: false, message: 'There was nothing to change.' },
  editor_no_problems: { retryable: false, message: 'There are no problems in the open files.' },
  editor_no_effect: {
    retryable: true,
    message: 'The editor ran the command, but nothing could be seen of it.',
  },
  editor_untrusted: {
    retryable: false,
    message: 'This workspace is not trusted; trust it in the editor first.',
  },
  editor_bad_arguments: { retryable: false, message: 'The arguments do not fit this tool.' },
  editor_tool_unknown: {
    retryable: false,
    message: 'This window does not know that tool; update the extension.',
  },
  task_not_found: { retryable: false, message: 'There is no task of that name in this workspace.' },
  task_no_tests: {
    retryable: false,
    message:
      'This workspace has no test task; add one of group "test" to .vscode/tasks.json or a "test" script to package.json.',
  },
  command_not_found: {
    retryable: false,
    message: 'There is not exactly one editor command of that title in this window.',
  },
  task_failed: { retryable: false, message: 'The task ended with an exit code other than 0.' },
  task_not_ended: { retryable: true, message: 'The task was stopped before it ended.' },
  debug_not_configured: {
    retryable: false,
    message: 'There is nothing to debug yet; add a configuration to .vscode/launch.json.',
  },
  editor_cancelled: { retryable: true, message: 'The call was cancelled.' },
  editor_failed: { retryable: false, message: 'The editor refused the command.' },
} as const satisfies Record<string, { retryable: boolean; message: string }>;
export type EditorToolErrorCode = keyof typeof editorToolErrors;
