import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, connectedHob, folder, openFile, until, writeFile } from './fixture.ts';

const collection = vscode.languages.createDiagnosticCollection('hob-test');

async function invoke(name: string, input: object = {}, token?: vscode.CancellationToken) {
  const options = { input, toolInvocationToken: undefined };
  const { content } = await vscode.lm.invokeTool(name, options, token);
  return content.map((part) => String((part as { value?: unknown }).value)).join('');
}

const json = async (name: string, input: object = {}) =>
  JSON.parse(await invoke(name, input)) as Record<string, never>;

describe("tools for the editor's own models", () => {
  before(connectedHob);
  after(async () => {
    collection.dispose();
    await closeAll();
  });

  it('[G-90] are there, each with what it is for', async () => {
    const own = ['hob_read_diagnostics', 'hob_read_selection', 'hob_list_open_editors'];
    await until('the tools', () =>
      own.every((name) => vscode.lm.tools.some((t) => t.name === name)),
    );
    for (const name of own) {
      const known = vscode.lm.tools.find((tool) => tool.name === name);
      assert.ok(known !== undefined && known.description.length > 40, name);
    }
  });

  it('[G-90] give the problems of a file of the workspace without a question', async () => {
    const file = writeFile('wrong.txt', 'one\ntwo\n');
    const range = new vscode.Range(1, 0, 1, 3);
    collection.set(vscode.Uri.file(file), [new vscode.Diagnostic(range, 'two is wrong')]);
    const { problems, total } = await json('hob_read_diagnostics', { path: 'wrong.txt' });
    const [problem] = problems as unknown as { path: string; line: number; message: string }[];
    assert.equal(total, 1);
    assert.deepEqual([problem?.path, problem?.line, problem?.message], [file, 2, 'two is wrong']);
  });

  it('[G-90] give the selection and the open editors as they are', async () => {
    const editor = await openFile('chosen.txt', 'first\nsecond\n');
    editor.selection = new vscode.Selection(1, 0, 1, 6);
    await until('the selection', () => editor.document.getText(editor.selection) === 'second');
    const { selected, path } = await json('hob_read_selection');
    assert.equal(path, editor.document.uri.fsPath);
    assert.equal((selected as unknown as { text: string }[])[0]?.text, 'second');
    const { editors } = await json('hob_list_open_editors');
    const open = editors as unknown as { path: string; active: boolean }[];
    assert.deepEqual(
      open.map((one) => [one.path, one.active]),
      [[path, true]],
    );
  });

  it('[G-91] a question waits for the person, and is taken back with its call', async () => {
    const source = new vscode.CancellationTokenSource();
    let ended = false;
    const end = (): void => {
      ended = true;
    };
    const asked = invoke('hob_ask_user', { question: 'Which colour?' }, source.token);
    const over = asked.then(end, end);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.equal(ended, false, 'it waits for an answer');
    source.cancel();
    await over;
    source.dispose();
  });

  it('[G-91] what may be done is answered at once where it is clear, and what is no call is refused', async () => {
    const paths = [writeFile('read.txt', 'x')];
    const read = { action: 'fs.read', tool: 'Read', paths };
    assert.deepEqual(await json('hob_request_approval', read), { decision: 'allow' });
    await assert.rejects(invoke('hob_request_approval', { action: 'be.free', tool: 'x' }));
  });

  it('[G-91] a sentence is said, or shown where nothing is said', async () => {
    const { status } = await json('hob_speak_text', { text: 'The build is green.' });
    assert.match(String(status), /spoken|queued|quiet/);
  });

  it('[G-90] ask about a file outside the workspace, and tell nothing when that is cancelled', async () => {
    const outside = vscode.Uri.joinPath(folder().uri, '..', 'elsewhere.txt');
    collection.set(outside, [new vscode.Diagnostic(new vscode.Range(0, 0, 0, 1), 'not yours')]);
    const source = new vscode.CancellationTokenSource();
    let ended: string | null = null;
    const asked = invoke('hob_read_diagnostics', { path: outside.fsPath }, source.token).then(
      (text) => (ended = text),
      () => (ended = 'cancelled'),
    );
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.equal(ended, null, 'it waits for an answer');
    source.cancel();
    await asked;
    assert.doesNotMatch(String(ended), /not yours/);
    source.dispose();
  });
});
