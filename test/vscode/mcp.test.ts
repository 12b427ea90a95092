import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { connectedHob, until } from './fixture.ts';

const tools = (): readonly vscode.LanguageModelToolInformation[] =>
  vscode.lm.tools.filter(({ name }) => /hob/i.test(name));

describe('Hob as an MCP server of the editor', () => {
  before(connectedHob);

  it('[G-28] is registered, starts, and offers its tools; none of them decides', async function () {
    await vscode.commands.executeCommand('workbench.mcp.startServer', '*');
    await until('the tools', () => tools().length > 0);
    const names = tools().map(({ name }) => name);
    for (const tool of ['run_command', 'get_status', 'request_approval']) {
      assert.ok(
        names.some((name) => name.endsWith(tool)),
        `${tool} is not among ${names.join(', ')}`,
      );
    }
    assert.equal(
      names.some((name) => /respond|approve|deny|decide/.test(name)),
      false,
    );
  });

  it('[U-10] answers a call of the editor', async () => {
    const status = tools().find(({ name }) => name.endsWith('get_status'));
    assert.ok(status);
    const result = await vscode.lm.invokeTool(status.name, {
      input: {},
      toolInvocationToken: undefined,
    });
    const text = result.content.map((part) => (part as { value?: unknown }).value).join('');
    assert.match(text, /running/);
  });
});
