import * as z from 'zod';

/** What one editor window tells the host about itself. Never stored. */
export const editorContextSchema = z.object({
  window_id: z.string().min(1).max(64),
  focused: z.boolean(),
  /** VS Code's Workspace Trust. Nothing runs in an untrusted workspace. */
  trusted: z.boolean(),
  workspace_name: z.string().max(256),
  folders: z.array(z.string().max(4_096)).max(64),
  /** Named tasks of the workspace, as `Run Task` lists them. */
  tasks: z
    .array(z.object({ name: z.string().max(256), group: z.enum(['build', 'test', 'none']) }))
    .max(512),
  /** Commands of the palette that exist here, with the titles that people say. */
  commands: z.array(z.object({ id: z.string().max(256), title: z.string().max(256) })).max(8_192),
  /** Editor tools that this window can run, e.g. `editor.open_settings`. */
  capabilities: z.array(z.string().max(128)).max(256),
  /** True when commands run on another machine than the one that shows the window. */
  remote_name: z.string().max(64).nullable(),
  panel_visible: z.boolean(),
});
export type EditorContext = z.infer<typeof editorContextSchema>;
