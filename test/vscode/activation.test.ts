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

  it('takes no key from the editor', async () => {
    const manifest = vscode.extensions.getExtension('hob.hob')?.packageJSON as {
      contributes: { keybindings: Binding[] };
    };
    const uri = vscode.Uri.parse('vscode://defaultsettings/keybindings.json');
    const text = (await vscode.workspace.openTextDocument(uri)).getText();
    // JSON but for whole lines of comment.
    const all = JSON.parse(text.replace(/^\s*\/\/.*$/gm, '')) as Binding[];
    assert.ok(all.length > 500, `only ${all.length} default key bindings were read`);
    const others = all.filter(({ command }) => !command.startsWith('hob.'));
    for (const own of manifest.contributes.keybindings)
      assert.deepEqual(
        others.filter((other) => clash(own, other)),
        [],
        own.key,
      );
    assert.ok(
      others.some((other) => clash({ key: 'ctrl+alt+space', command: 'hob.talk' }, other)),
      'the check sees nothing',
    );
  });
});

interface Binding {
  readonly key: string;
  readonly command: string;
  readonly when?: string;
}

/** What a command of the editor needs without saying so: it moves the focus inside what is shown then. */
const needed: Readonly<Record<string, string>> = {
  'workbench.action.terminal.suggestToggleDetailsFocus': 'terminalSuggestWidgetVisible',
};

const terms = ({ when = '' }: Binding): string[] => when.split('&&').map((term) => term.trim());

/** The same first key, and nothing that keeps the two apart. */
function clash(own: Binding, other: Binding): boolean {
  if (other.key !== own.key && other.key !== own.key.split(' ')[0]) return false;
  // While Hob does something of its own, the key is its own.
  if (terms(own).some((term) => term.startsWith('hob.'))) return false;
  const theirs = [...terms(other), needed[other.command]];
  return !terms(own).some((term) => term.startsWith('!') && theirs.includes(term.slice(1)));
}
