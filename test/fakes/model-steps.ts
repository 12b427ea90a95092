/** One turn of the model. `session` is replaced by the id of the shell session the agent reported last. */
export type ModelStep =
  | { readonly say: string }
  | { readonly call: string; readonly arguments: object; readonly namespace?: string }
  | { readonly custom: string; readonly input: string };

export interface ToolResult {
  readonly call_id: string;
  readonly output: unknown;
}
