import type {
  EditorToolArguments,
  EditorToolName,
  EditorToolResult,
} from '#schema/views/editor-tools.ts';

/** What a tool gets besides its arguments. */
export interface ToolContext {
  /** Aborted when the run is cancelled; the tool then throws ToolFailure `editor_cancelled`. */
  readonly signal: AbortSignal;
}

/** One tool: does it, looks at what came of it, and answers with that. Throws ToolFailure. */
export type EditorTool<N extends EditorToolName> = (
  args: EditorToolArguments<N>,
  context: ToolContext,
) => Promise<EditorToolResult<N>>;

/** One tool for every row of the schema's table: a missing one does not compile. */
export type EditorTools = { readonly [N in EditorToolName]: EditorTool<N> };
