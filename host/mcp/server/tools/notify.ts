import * as z from 'zod';
import type { McpSessionContext } from '../session-context.ts';
import { registerTool, type ToolHost } from '../tool.ts';

export function notifyTool(host: ToolHost, session: McpSessionContext): void {
  registerTool(host, {
    name: 'notify_user',
    title: 'Notify the user',
    description:
      'Shows a short message in the editor, marked as yours. For something the person should know, not for asking.',
    input: z.object({
      title: z.string().min(1).max(128),
      message: z.string().max(2_048).optional(),
      level: z.enum(['info', 'warning', 'error']).optional(),
    }),
    output: z.object({ shown: z.boolean() }),
    annotations: {
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: false,
      openWorldHint: false,
    },
    async run({ title, message, level }) {
      return {
        data: await session.commands['notify.show'](
          { title, message: message ?? '', level: level ?? 'info' },
          session.context(),
        ),
      };
    },
  });
}
