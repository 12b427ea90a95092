import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { connectedHob, until } from './fixture.ts';

/** Those of the MCP server; the ones that the extension gives itself are named hob_…, without `mcp_` before it. */
const tools = (): readonly vscode.LanguageModelToolInformation[] =>
  vscode.lm.tools.filter(({ name }) => /^mcp_.*hob/i.test(name));

describe('Hob as an MCP server of the editor', () => {
  before(connectedHob);

  it('[G-28] is registered, starts, and offers its tools; none of them decides', async function () {
    await vscode.commands.executeCommand('workbench.mcp.startServer', '*');
    await until('the tools', () => tools().length > 0);
    const names = tools().map(({ name }) => name);
    for (const tool of ['run_command', 'get_status', 'get_approval']) {
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

  it('[G-91] leaves out what the extension gives, so that a model has no function twice', () => {
    const own = vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith('hob_'));
    for (const name of ['hob_ask_user', 'hob_speak_text', 'hob_request_approval'])
      assert.ok(own.includes(name), `${name} is not among ${own.join(', ')}`);
    const over = tools().map(({ name }) => name);
    for (const name of own) {
      const twice = over.filter((other) => other.endsWith(name.slice('hob_'.length)));
      assert.deepEqual(twice, [], 'the same function twice for one model');
    }
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
