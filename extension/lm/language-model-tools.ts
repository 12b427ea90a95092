// Tools for the editor's own models that only an extension can give. What Hob offers besides (ask_user,
// speak_text, request_approval …) reaches the same models over MCP, so it is not here a second time.
import * as vscode from 'vscode';
import type { JsonObject } from '#schema/envelope/json.ts';
import { readRequest, told, type AskGate } from './gate.ts';
import { looks, workspaceFolder, type Look } from './look.ts';

type Input = JsonObject;

/** What the editor says while a tool works. */
const busyWords: Readonly<Record<keyof typeof looks, string>> = {
  hob_read_diagnostics: 'Reading the problems that the editor shows',
  hob_read_selection: 'Reading the selection',
  hob_list_open_editors: 'Looking which editors are open',
};

/** Null where the editor is too old to know such tools. */
export function provideLanguageModelTools(ask: AskGate): vscode.Disposable | null {
  const { lm } = vscode as { lm?: Partial<typeof vscode.lm> };
  const register = lm?.registerTool;
  if (register === undefined) return null;
  const names = Object.keys(looks) as (keyof typeof looks)[];
  return vscode.Disposable.from(
    ...names.map((name) => register.call(lm, name, toolOf(name, looks[name], ask))),
  );
}

const toolOf = (
  name: keyof typeof looks,
  look: Look,
  ask: AskGate,
): vscode.LanguageModelTool<Input> => ({
  // The host asks where somebody has to be asked; a dialog of the editor before it would be a second one.
  prepareInvocation: () => ({ invocationMessage: busyWords[name] }),
  invoke: async ({ input }, token) => {
    const { paths, answer } = look(input);
    const cancelled = new AbortController();
    const listening = token.onCancellationRequested(() => cancelled.abort());
    try {
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      const request = readRequest(name, paths, input, workspaceFolder());
      const text = told(await ask(request, cancelled.signal), answer);
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    } finally {
      listening.dispose();
    }
  },
});
