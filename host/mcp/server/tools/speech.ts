import * as z from 'zod';
import type { McpSessionContext } from '../session-context.ts';
import { registerTool, type ToolHost } from '../tool.ts';

/** About twenty seconds of speech. What is longer belongs on the screen. */
const SPEAK_CHARACTERS = 300;

const acts = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: false,
};

const outcomes = {
  queued: 'It waits to be said.',
  spoken: 'It was said aloud.',
  stopped: 'It was stopped before its end.',
  quiet: 'The person has switched sound off: it was shown, not said.',
} as const;

export function speechTools(host: ToolHost, session: McpSessionContext): void {
  registerTool(host, {
    name: 'speak_text',
    title: 'Say something aloud',
    description:
      'Says one or two short sentences to the person, marked as yours. It waits while the person or Hob talks. For something worth hearing; you may speak about one minute in ten. Answers when it was heard, or "queued" after wait_ms.',
    input: z.object({
      text: z.string().min(1).max(SPEAK_CHARACTERS),
      wait_ms: z.number().int().min(0).max(45_000).optional().describe('Default 30000'),
    }),
    output: z.object({
      speech_id: z.string(),
      status: z.enum(['queued', 'spoken', 'stopped', 'quiet']),
      sentences: z.number().int(),
      spoken: z.number().int().describe('Sentences that were heard to their end'),
    }),
    annotations: acts,
    async run({ text, wait_ms }, call) {
      const wait = Math.min(wait_ms ?? 30_000, call.waitMs);
      const data = await session.commands['speech.speak'](
        { text, wait_ms: wait },
        session.context(),
      );
      return { data, text: `${data.status}: ${outcomes[data.status]}` };
    },
  });

  registerTool(host, {
    name: 'stop_speaking',
    title: 'Stop speaking',
    description:
      'Stops what you asked to be said, at once, and forgets what waits of it. What Hob or others say goes on.',
    input: z.object({}),
    output: z.object({ stopped: z.number().int().describe('Texts that were ended') }),
    annotations: { ...acts, idempotentHint: true },
    async run() {
      return { data: await session.commands['speech.stop']({}, session.context()) };
    },
  });
}
