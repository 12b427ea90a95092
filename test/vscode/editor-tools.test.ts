// Each editor tool in the real workbench: what it says it did is compared with what the editor shows.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { JsonObject } from '#schema/envelope/json.ts';
import { runTool, type ToolOutcome } from '../../extension/runner/run-tool.ts';
import { windowTools } from '../../extension/runner/tools/index.ts';
import { closeAll, insert, lines, openFile, until, writeFile } from './fixture.ts';

const tools = windowTools();
const run = (tool: string, args: JsonObject = {}, signal?: AbortSignal): Promise<ToolOutcome> =>
  runTool(tools, `editor.${tool}`, args, { signal: signal ?? new AbortController().signal });

async function done(tool: string, args: JsonObject = {}): Promise<JsonObject> {
  const outcome = await run(tool, args);
  assert.ok(outcome.ok, `${tool}: ${JSON.stringify(outcome)}`);
  return outcome.result;
}

async function failed(tool: string, args: JsonObject = {}): Promise<string> {
  const outcome = await run(tool, args);
  assert.ok(!outcome.ok, `${tool} did not fail: ${JSON.stringify(outcome)}`);
  assert.ok(outcome.error.message.length > 0);
  return outcome.error.code;
}

const cursorLine = (): number | undefined => {
  const line = vscode.window.activeTextEditor?.selection.active.line;
  return line === undefined ? undefined : line + 1;
};

describe('editor tools', () => {
  afterEach(closeAll);

  it('open_settings shows the settings', async () => {
    const { tab } = await done('open_settings');
    const { activeTab } = vscode.window.tabGroups.activeTabGroup;
    assert.equal(activeTab?.label, tab);
    assert.equal(
      activeTab?.input,
      undefined,
      'the settings editor has no input that extensions see',
    );
  });

  it('[V-20] run_command runs the one command of that title, and no other', async () => {
    await openFile('closed-by-title.txt', 'x');
    const outcome = await done('run_command', { title: 'View: Close All Editors' });
    assert.deepEqual(outcome, { command: 'workbench.action.closeAllEditors' });
    assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 0);
    assert.equal(await failed('run_command', { title: 'Nobody Has This' }), 'command_not_found');
  });

  it('save_file writes the file and leaves it clean', async () => {
    const editor = await openFile('save.txt', 'old');
    await insert(editor, 'new ');
    assert.deepEqual(await done('save_file'), { file: 'save.txt', dirty: false });
    assert.equal(readFileSync(editor.document.uri.fsPath, 'utf8'), 'new old');
  });

  it('save_file without a file, or without a name for it, says so', async () => {
    await closeAll();
    assert.equal(await failed('save_file'), 'editor_no_file');
    const untitled = await vscode.workspace.openTextDocument({ content: 'x' });
    await vscode.window.showTextDocument(untitled);
    assert.equal(await failed('save_file'), 'editor_not_saved');
  });

  it('save_all writes every changed file', async () => {
    const first = await openFile('one.txt', '1');
    const other = await vscode.workspace.openTextDocument(writeFile('two.txt', '2'));
    const second = await vscode.window.showTextDocument(other, vscode.ViewColumn.Two);
    for (const editor of [second, first]) {
      const shown = await vscode.window.showTextDocument(editor.document, { preview: false });
      await insert(shown, 'x');
    }
    const { saved, unsaved } = await done('save_all');
    assert.deepEqual((saved as string[]).toSorted(), ['one.txt', 'two.txt']);
    assert.deepEqual(unsaved, []);
    assert.equal(readFileSync(other.uri.fsPath, 'utf8'), 'x2');
  });

  it('close_editor closes the tab, and never one with unsaved changes', async () => {
    const editor = await openFile('close.txt', 'text');
    await insert(editor, 'x');
    assert.equal(await failed('close_editor'), 'editor_not_saved');
    await editor.document.save();
    await until(
      'the clean tab',
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.isDirty === false,
    );
    assert.deepEqual(await done('close_editor'), { closed: 'close.txt', editors: 0 });
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab, undefined);
  });

  it('split_editor makes a second group with the same file', async () => {
    await openFile('split.txt', 'text');
    assert.deepEqual(await done('split_editor'), { groups: 2 });
    const labels = vscode.window.tabGroups.all.map(({ activeTab }) => activeTab?.label);
    assert.deepEqual(labels, ['split.txt', 'split.txt']);
  });

  it('go_to_line moves the cursor, at most to the last line, and go_back returns', async () => {
    await openFile('moves.txt', lines(100));
    assert.deepEqual(await done('go_to_line', { line: 42 }), {
      file: 'moves.txt',
      line: 42,
      column: 1,
    });
    assert.equal(cursorLine(), 42);
    assert.equal((await done('go_to_line', { line: 4_000 }))['line'], 100);
    assert.equal((await done('go_back'))['line'], 42);
    assert.equal(cursorLine(), 42);
  });

  it('go_to_line refuses a line that is none', async () => {
    await openFile('moves.txt', lines(3));
    assert.equal(await failed('go_to_line', { line: 0 }), 'editor_bad_arguments');
    assert.equal(await failed('go_to_line'), 'editor_bad_arguments');
  });

  it('toggle_terminal opens one, and says what it did', async () => {
    const { state, terminals } = await done('toggle_terminal');
    assert.equal(state, 'shown');
    assert.equal(vscode.window.terminals.length, terminals);
    assert.ok(Number(terminals) > 0);
    assert.equal((await done('toggle_terminal'))['state'], 'hidden');
    assert.equal((await done('toggle_terminal', { state: 'hidden' }))['state'], 'hidden');
    for (const terminal of vscode.window.terminals) terminal.dispose();
  });

  it('toggle_sidebar, find_in_files and open_source_control run', async () => {
    // What they change is not visible to extensions; test/ui looks at it.
    assert.deepEqual(await done('toggle_sidebar'), { state: 'toggled' });
    assert.deepEqual(await done('toggle_sidebar', { state: 'shown' }), { state: 'shown' });
    assert.deepEqual(await done('find_in_files', { query: 'needle' }), { query: 'needle' });
    assert.deepEqual(await done('open_source_control'), { view: 'scm' });
  });

  it('an unknown tool has its own code', async () => {
    assert.equal(await failed('reboot'), 'editor_tool_unknown');
  });
});

describe('editor tools that change text', () => {
  afterEach(closeAll);

  it('undo takes the last change back and redo repeats it', async () => {
    const editor = await openFile('undo.txt', 'text');
    await insert(editor, 'more ');
    const undone = await done('undo');
    assert.deepEqual([editor.document.getText(), undone['changed']], ['text', true]);
    await done('redo');
    assert.equal(editor.document.getText(), 'more text');
  });

  it('undo and redo with nothing to do say so', async () => {
    await openFile('fresh-undo.txt', 'text');
    assert.equal(await failed('undo'), 'editor_no_change');
    assert.equal(await failed('redo'), 'editor_no_change');
  });

  it('format_document uses the formatter of the language, and names the lack of one', async () => {
    const editor = await openFile('format.txt', 'loud');
    assert.equal(await failed('format_document'), 'editor_failed');
    const formatter = vscode.languages.registerDocumentFormattingEditProvider('plaintext', {
      provideDocumentFormattingEdits: (document) => [
        vscode.TextEdit.replace(
          new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length)),
          document.getText().toUpperCase(),
        ),
      ],
    });
    try {
      assert.equal((await done('format_document'))['changed'], true);
      assert.equal(editor.document.getText(), 'LOUD');
      assert.equal((await done('format_document'))['changed'], false);
    } finally {
      formatter.dispose();
    }
  });
});

describe('editor tools for problems', () => {
  const problems = vscode.languages.createDiagnosticCollection('hob-test');
  after(() => problems.dispose());
  afterEach(closeAll);

  it('next_problem and previous_problem go to them and say what they are', async () => {
    const { document } = await openFile('problems.txt', lines(30));
    problems.set(
      document.uri,
      [4, 19].map((line) => {
        const range = new vscode.Range(line, 0, line, 4);
        return new vscode.Diagnostic(
          range,
          `wrong in ${line + 1}`,
          vscode.DiagnosticSeverity.Error,
        );
      }),
    );
    const first = await done('next_problem');
    assert.deepEqual(
      [first['line'], first['message'], first['severity']],
      [5, 'wrong in 5', 'error'],
    );
    assert.equal(cursorLine(), 5);
    assert.equal((await done('next_problem'))['line'], 20);
    assert.equal((await done('previous_problem'))['line'], 5);
    assert.equal(cursorLine(), 5);
    problems.clear();
    assert.equal(await failed('next_problem'), 'editor_no_problems');
  });
});

describe('editor tools that start programs', () => {
  const shell = (label: string, command: string, group?: string): object => ({
    label,
    type: 'shell',
    command,
    presentation: { reveal: 'never' },
    ...(group === undefined ? {} : { group }),
  });
  const node = (script: string): string => `${process.execPath} -e "${script}"`;
  const writeTasks = (...tasks: object[]): string =>
    writeFile('.vscode/tasks.json', JSON.stringify({ version: '2.0.0', tasks }));

  before(async () => {
    writeTasks(
      shell('good', node('process.exit(0)')),
      shell('bad', node('process.exit(3)')),
      shell('long', node('setTimeout(() => {}, 60000)')),
    );
    await until('the tasks', async () =>
      (await vscode.tasks.fetchTasks()).some(({ name }) => name === 'long'),
    );
  });

  it('run_task waits for the end and gives the exit code', async () => {
    const { task, exit_code: code } = await done('run_task', { name: 'good' });
    assert.deepEqual([task, code], ['good', 0]);
  });

  it('run_task fails with the exit code of a task that failed', async () => {
    const outcome = await run('run_task', { name: 'bad' });
    assert.ok(!outcome.ok);
    assert.deepEqual(
      [outcome.error.code, outcome.error.details?.['exit_code']],
      ['task_failed', 3],
    );
  });

  it('run_task that is cancelled ends the task', async () => {
    const controller = new AbortController();
    const outcome = run('run_task', { name: 'long' }, controller.signal);
    const isLong = ({ task }: vscode.TaskExecution): boolean => task.name === 'long';
    await until('the task', () => vscode.tasks.taskExecutions.some(isLong));
    controller.abort();
    const ended = await outcome;
    assert.ok(!ended.ok);
    assert.equal(ended.error.code, 'editor_cancelled');
    await until('its end', () => !vscode.tasks.taskExecutions.some(isLong));
  });

  it('run_task names the tasks there are when one is not known', async () => {
    const outcome = await run('run_task', { name: 'tset' });
    assert.ok(!outcome.ok);
    assert.equal(outcome.error.code, 'task_not_found');
    assert.match(outcome.error.message, /good/);
  });

  it('run_tests says what is missing, and runs the task of group test when there is one', async () => {
    assert.equal(await failed('run_tests'), 'task_no_tests');
    const flag = writeFile('ran.txt', '');
    const script = `require('fs').writeFileSync('${flag}', 'yes')`;
    writeTasks(shell('good', node('process.exit(0)')), shell('unit', node(script), 'test'));
    await until('the test task', async () =>
      (await vscode.tasks.fetchTasks()).some(({ name }) => name === 'unit'),
    );
    assert.equal((await done('run_tests'))['task'], 'unit');
    assert.equal(readFileSync(flag, 'utf8'), 'yes');
  });

  it('start_debugging says what is missing, and starts the first configuration', async () => {
    assert.equal(await failed('start_debugging'), 'debug_not_configured');
    writeFile('wait.cjs', 'setTimeout(() => {}, 30000);');
    const configuration = {
      type: 'node',
      request: 'launch',
      name: 'wait',
      program: '${workspaceFolder}/wait.cjs',
    };
    writeFile(
      '.vscode/launch.json',
      JSON.stringify({ version: '0.2.0', configurations: [configuration] }),
    );
    await until(
      'launch.json',
      () =>
        vscode.workspace.getConfiguration('launch').get<object[]>('configurations', []).length > 0,
    );
    const { session } = await done('start_debugging');
    assert.match(String(session), /wait/);
    assert.ok(vscode.debug.activeDebugSession);
    await vscode.debug.stopDebugging();
  });
});
