// Typed sentences, the whole way: palette command → host → gate → this window, and their effect in it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { SayResult } from '#schema/commands/conversation.ts';
import { closeAll, connectedHob, insert, lines, openFile, until, writeFile } from './fixture.ts';

async function say(text: string): Promise<SayResult> {
  const result = await vscode.commands.executeCommand<SayResult | undefined>('hob.say', text);
  assert.ok(result, `"${text}" was not answered`);
  return result;
}

/** Says it, and expects that it was done by the intent of that name. */
async function done(text: string, intent: string): Promise<SayResult> {
  const result = await say(text);
  assert.equal(result.status, 'done', `"${text}": ${result.status}: ${result.reply}`);
  assert.equal(result.intent?.name, intent);
  return result;
}

const activeLabel = (): string | undefined =>
  vscode.window.tabGroups.activeTabGroup.activeTab?.label;

describe('typed sentences', () => {
  before(async function () {
    await connectedHob();
    // The window has introduced itself once its first sentence is carried out.
    await until('the first sentence', async () => (await say('open settings')).status === 'done');
  });
  afterEach(closeAll);

  it('[G-24] [F-40] "open settings"', async () => {
    await done('open settings', 'open_settings');
    assert.equal(activeLabel(), 'Settings');
  });

  it('[G-24] "save file" and "save all"', async () => {
    const editor = await openFile('said.txt', 'old');
    await insert(editor, 'new ');
    await done('save file', 'save_file');
    assert.equal(readFileSync(editor.document.uri.fsPath, 'utf8'), 'new old');
    await insert(editor, 'very ');
    await done('save all', 'save_all');
    assert.equal(readFileSync(editor.document.uri.fsPath, 'utf8'), 'very new old');
  });

  it('[G-24] "split editor" and "close editor"', async () => {
    await openFile('split.txt', 'x');
    await done('split editor', 'split_editor');
    assert.equal(vscode.window.tabGroups.all.length, 2);
    await done('close editor', 'close_editor');
    await until('one group', () => vscode.window.tabGroups.all.length === 1);
  });

  it('[G-24] "go to line 42" and "go back"', async () => {
    const editor = await openFile('long.txt', lines(80));
    await done('go to line 42', 'go_to_line');
    assert.equal(editor.selection.active.line, 41);
    await done('go to line 70', 'go_to_line');
    await done('go back', 'go_back');
    assert.equal(vscode.window.activeTextEditor?.selection.active.line, 41);
  });

  it('[G-24] "toggle terminal", "toggle sidebar", "find in files"', async () => {
    await done('toggle terminal', 'toggle_terminal');
    await until('a terminal', () => vscode.window.terminals.length > 0);
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await done('toggle sidebar', 'toggle_sidebar');
    await done('toggle sidebar', 'toggle_sidebar');
    await done('search for needle', 'find_in_files');
  });

  it('[G-24] "undo", "redo" and "format document"', async () => {
    const editor = await openFile('edit.txt', 'text');
    await insert(editor, 'more ');
    await done('undo', 'undo');
    assert.equal(editor.document.getText(), 'text');
    await done('redo', 'redo');
    assert.equal(editor.document.getText(), 'more text');
    const formatter = vscode.languages.registerDocumentFormattingEditProvider('plaintext', {
      provideDocumentFormattingEdits: () => [
        vscode.TextEdit.insert(new vscode.Position(0, 0), '> '),
      ],
    });
    await done('format document', 'format_document');
    formatter.dispose();
    assert.equal(editor.document.getText(), '> more text');
  });

  it('[G-24] "next problem" and "previous problem"', async () => {
    const problems = vscode.languages.createDiagnosticCollection('hob-said');
    const { document } = await openFile('wrong.txt', lines(20));
    const at = (line: number): vscode.Diagnostic =>
      new vscode.Diagnostic(new vscode.Range(line, 0, line, 2), `wrong ${line}`);
    problems.set(document.uri, [at(3), at(9)]);
    await done('next problem', 'next_problem');
    await done('next problem', 'next_problem');
    assert.equal(vscode.window.activeTextEditor?.selection.active.line, 9);
    await done('previous problem', 'previous_problem');
    assert.equal(vscode.window.activeTextEditor?.selection.active.line, 3);
    problems.dispose();
  });

  it('[G-24] "run the tests" and "run task" by name, known to the host from this window', async () => {
    const node = (script: string): string => `${process.execPath} -e "${script}"`;
    const flag = writeFile('said-tests.txt', '');
    const task = (label: string, command: string, group?: string): object => ({
      label,
      type: 'shell',
      command,
      ...(group === undefined ? {} : { group }),
    });
    const tests = node(`require('fs').writeFileSync('${flag}', 'yes')`);
    const tasks = [task('unit', tests, 'test'), task('make it', node('process.exit(4)'))];
    const file = writeFile('.vscode/tasks.json', JSON.stringify({ version: '2.0.0', tasks }));
    // Saved in the editor, which is when the window looks for tasks again.
    const document = await vscode.workspace.openTextDocument(file);
    const shown = await vscode.window.showTextDocument(document);
    await insert(shown, '\n');
    await document.save();
    await until('the task "unit"', async () =>
      (await vscode.tasks.fetchTasks()).some(({ name }) => name === 'unit'),
    );
    await done('run the tests', 'run_tests');
    assert.equal(readFileSync(flag, 'utf8'), 'yes');
    const known = async (): Promise<SayResult | false> => {
      const result = await say('run task make it');
      return result.intent !== null && result;
    };
    const failed = await until('the host to know the task', known);
    assert.equal(failed.status, 'failed');
    assert.equal(failed.error?.code, 'task_failed');
    assert.equal(failed.error?.details?.['exit_code'], 4);
  });

  it('[G-24] "start debugging"', async () => {
    writeFile('said.cjs', 'setTimeout(() => {}, 30000);');
    const configuration = {
      type: 'node',
      request: 'launch',
      name: 'said',
      program: '${workspaceFolder}/said.cjs',
    };
    writeFile(
      '.vscode/launch.json',
      JSON.stringify({ version: '0.2.0', configurations: [configuration] }),
    );
    const configured = (): boolean =>
      vscode.workspace.getConfiguration('launch').get<{ name: string }[]>('configurations', [])[0]
        ?.name === 'said';
    await until('launch.json', configured);
    await done('start debugging', 'start_debugging');
    assert.ok(vscode.debug.activeDebugSession);
    await vscode.debug.stopDebugging();
  });

  it('[G-24] "what happened" is answered from the events', async () => {
    const result = await say('what happened');
    assert.deepEqual([result.intent?.name, result.status], ['what_happened', 'answered']);
    assert.ok(result.reply.length > 0);
  });

  it('[G-25] what is not understood says what is closest, and does nothing', async () => {
    const result = await say('open the setings');
    assert.equal(result.status, 'not_understood');
    assert.equal(result.closest[0]?.name, 'open_settings');
  });

  it('[G-15] a sentence never decides', async () => {
    const result = await vscode.commands.executeCommand<SayResult | undefined>(
      'hob.say',
      'approve',
    );
    assert.notEqual(result?.status, 'done');
  });
});
