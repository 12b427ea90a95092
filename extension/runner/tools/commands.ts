import * as vscode from 'vscode';
import { commandTitled } from '../../context/palette.ts';
import type { EditorTools } from '../ports.ts';
import { ToolFailure } from '../tool-failure.ts';

export const commandTools: Pick<EditorTools, 'editor.run_command'> = {
  'editor.run_command': async ({ title }) => {
    const command = await commandTitled(title);
    if (command === undefined) throw new ToolFailure('command_not_found');
    // What a command shows is its own business: nothing of it can be seen from here but that it did not fail.
    await vscode.commands.executeCommand(command);
    return { command };
  },
};
