import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { workspaceIdSchema } from '#schema/envelope/ids.ts';
import { hob } from './fixture.ts';

describe('the extension', () => {
  it('activates by itself and says how long it took', async function () {
    const { activationMs, workspaceId, windowId } = await hob();
    // Measured, printed, not gated: npm run bench judges it.
    if (this.test) this.test.title += `: ${activationMs.toFixed(1)} ms`;
    assert.ok(activationMs > 0);
    assert.match(windowId, /^win_/);
    assert.equal(workspaceIdSchema.safeParse(workspaceId).success, true);
  });

  it('registers every command that its manifest declares, and declares every one that it registers', async () => {
    await hob();
    const manifest = vscode.extensions.getExtension('hob.hob')?.packageJSON as {
      contributes: { commands: { command: string; category: string }[] };
    };
    const declared = manifest.contributes.commands.map(({ command }) => command);
    const isOwn = (id: string): boolean => /^hob\.[a-z]/i.test(id) && !id.startsWith('hob.panel.');
    const registered = (await vscode.commands.getCommands(true)).filter(isOwn);
    assert.deepEqual(registered.toSorted(), declared.toSorted());
    for (const { category } of manifest.contributes.commands) assert.equal(category, 'Hob');
  });

  it('binds no key that the editor has bound', async () => {
    const manifest = vscode.extensions.getExtension('hob.hob')?.packageJSON as {
      contributes: { keybindings: { key: string }[] };
    };
    const uri = vscode.Uri.parse('vscode://defaultsettings/keybindings.json');
    const text = (await vscode.workspace.openTextDocument(uri)).getText();
    const bound = [...text.matchAll(/"key":\s*"([^"]+)"/g)].map(([, key]) => key);
    assert.ok(bound.length > 500, `only ${bound.length} default key bindings were read`);
    for (const { key } of manifest.contributes.keybindings) {
      const first = key.split(' ')[0];
      const others = bound.filter((one) => one === key || one === first);
      const own = bound.filter((one) => one === key).length === 1 ? [key] : [];
      assert.deepEqual(others, own, key);
    }
  });
});
