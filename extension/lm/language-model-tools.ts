// Tools for the editor's own models: three that only an extension can give, and three of the host that an
// agent cannot ask without. Those reach the editor this way alone (docs/decisions/0116).
import * as vscode from 'vscode';
import type { JsonObject } from '#schema/envelope/json.ts';
import { gateOf, type AsAgent } from './ask-as-agent.ts';
import { readRequest, told } from './gate.ts';
import { hostTools } from './host-tools.ts';
import { looks, workspaceFolder, type Look } from './look.ts';

type Input = JsonObject;
type Run = (input: Input, signal: AbortSignal) => Promise<string>;

/** What the editor says while a tool works. */
const busyWords: Readonly<Record<keyof typeof looks, string>> = {
  hob_read_diagnostics: 'Reading the problems that the editor shows',
  hob_read_selection: 'Reading the selection',
  hob_list_open_editors: 'Looking which editors are open',
};

/** Null where the editor is too old to know such tools. */
export function provideLanguageModelTools(as: AsAgent): vscode.Disposable | null {
  const { lm } = vscode as { lm?: Partial<typeof vscode.lm> };
  const register = lm?.registerTool;
  if (register === undefined) return null;
  const names = Object.keys(looks) as (keyof typeof looks)[];
  return vscode.Disposable.from(
    ...names.map((name) =>
      register.call(
        lm,
        name,
        toolOf(() => busyWords[name], lookWith(as, name, looks[name])),
      ),
    ),
    ...Object.entries(hostTools).map(([name, { busy, run }]) =>
      register.call(
        lm,
        name,
        toolOf(busy, (input, signal) => run(as, input, signal, workspaceFolder())),
      ),
    ),
  );
}

const lookWith =
  (as: AsAgent, name: string, look: Look): Run =>
  async (input, signal) => {
    const { paths, answer } = look(input);
    const request = readRequest(name, paths, input, workspaceFolder());
    return told(await gateOf(as)(request, signal), answer);
  };

const toolOf = (busy: (input: Input) => string, run: Run): vscode.LanguageModelTool<Input> => ({
  // The host asks where somebody has to be asked; a dialog of the editor before it would be a second one.
  prepareInvocation: ({ input }) => ({ invocationMessage: busy(input) }),
  invoke: async ({ input }, token) => {
    const cancelled = new AbortController();
    const listening = token.onCancellationRequested(() => cancelled.abort());
    try {
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      const text = await run(input, cancelled.signal);
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    } finally {
      listening.dispose();
    }
  },
});
