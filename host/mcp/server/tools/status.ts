import * as z from 'zod';
import type { McpSessionContext } from '../session-context.ts';
import { reads, registerTool, type ToolHost } from '../tool.ts';

const output = z.object({
  state: z.string(),
  problem: z.string().nullable(),
  kill_switch: z.boolean().describe('True: nothing is started'),
  preset: z.string().describe('How much agents may do without asking'),
  editor_open: z.boolean(),
  waiting: z.number().int(),
  held: z.number().int(),
  you: z.object({
    name: z.string(),
    proven: z.boolean().describe('Whether a token proved the name'),
  }),
});

export function statusTool(host: ToolHost, session: McpSessionContext): void {
  registerTool(host, {
    name: 'get_status',
    title: 'Get status',
    description:
      'Whether Hob is running, whether it lets anything start, how many calls wait for a person, and who you are to it.',
    input: z.object({}),
    output,
    annotations: reads,
    run: async () => ({ data: await statusFor(session) }),
  });
}

/** The host's state as one agent may see it. */
export async function statusFor(session: McpSessionContext): Promise<z.infer<typeof output>> {
  const status = await session.options.standing();
  const { state, problem, kill_switch, preset, waiting, held, windows } = status;
  const { display, proven } = session.caller.principal;
  return {
    state,
    problem,
    kill_switch,
    preset,
    editor_open: windows > 0,
    waiting,
    held,
    you: { name: display, proven },
  };
}
