import type { CommandInput, CommandResult } from '#schema/commands/registry.ts';
import type { JsonObject } from '#schema/envelope/json.ts';

export type GateAnswer = CommandResult<'approval.request'>;

/** Asks the host as the editor's agent; a cancelled signal takes the question back. */
export type AskGate = (
  request: CommandInput<'approval.request'>,
  signal: AbortSignal,
) => Promise<GateAnswer>;

/** As long as a question lives by default: the editor waits for its tools, and cancels by itself. */
export const WAIT_MS = 600_000;

/** A look at files, as the gate judges it: inside the workspace it is allowed, elsewhere somebody is asked. */
export function readRequest(
  tool: string,
  paths: readonly string[],
  input: JsonObject,
  folder: string | undefined,
): CommandInput<'approval.request'> {
  // Who sees no file has looked for some in the whole folder.
  const looked = paths.length > 0 || folder === undefined ? [...new Set(paths)] : [folder];
  return {
    call: {
      action: 'fs.read',
      tool,
      paths: looked.slice(0, 1_024),
      ...(folder === undefined ? {} : { cwd: folder }),
      arguments: input,
    },
    wait_ms: WAIT_MS,
    cancel_on_disconnect: true,
  };
}

/** What the model is told; `answer` only where the gate said yes. */
export function told({ decision, reason }: GateAnswer, answer: unknown): string {
  switch (decision) {
    case 'allow':
      return JSON.stringify(answer);
    case 'deny':
      return `Denied: ${reason} Do not try another way.`;
    case 'pending':
      return 'Nobody has answered yet. Ask again later.';
  }
}
