import type { JsonObject } from '#schema/envelope/json.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import { editorTools, type EditorToolName } from '#schema/views/editor-tools.ts';
import type { EditorTools, ToolContext } from './ports.ts';
import { ToolFailure } from './tool-failure.ts';

export type ToolOutcome = { ok: true; result: JsonObject } | { ok: false; error: WireError };

const isKnown = (name: string): name is EditorToolName => Object.hasOwn(editorTools, name);

/**
 * Runs one tool by name: arguments are parsed before, the result after, so that neither side of the
 * wire sees anything that is not in the table. Never rejects.
 */
export async function runTool(
  tools: EditorTools,
  name: string,
  args: JsonObject,
  context: ToolContext,
): Promise<ToolOutcome> {
  try {
    if (!isKnown(name)) throw new ToolFailure('editor_tool_unknown');
    const row = editorTools[name];
    const parsed = row.arguments.safeParse(args);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const where = issue?.path.join('.') ?? '';
      throw new ToolFailure('editor_bad_arguments', `${where}: ${issue?.message ?? 'not valid'}`);
    }
    const execute = tools[name] as (args: unknown, context: ToolContext) => Promise<JsonObject>;
    const result = row.result.parse(await execute(parsed.data, context));
    return { ok: true, result };
  } catch (thrown) {
    return { ok: false, error: describe(thrown) };
  }
}

function describe(thrown: unknown): WireError {
  if (thrown instanceof ToolFailure) return thrown.toWire();
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new ToolFailure('editor_failed', `The editor refused: ${message}`).toWire();
}
