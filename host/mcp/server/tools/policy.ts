import * as z from 'zod';
import { policyTable, presets, type Preset } from '#host/policy/core/table.ts';
import type { McpSessionContext } from '../session-context.ts';
import { reads, registerTool, type ToolHost } from '../tool.ts';

const output = z.object({
  preset: z.string(),
  kill_switch: z.boolean(),
  rules: z.array(
    z.object({
      action: z.string(),
      place: z.string(),
      decision: z.string(),
      reason: z.string(),
    }),
  ),
  grants: z
    .array(z.object({ label: z.string(), until: z.string().nullable(), uses: z.number() }))
    .describe('Standing permissions of yours'),
});

export function policyTool(host: ToolHost, session: McpSessionContext): void {
  registerTool(host, {
    name: 'get_policy',
    title: 'Get the policy',
    description:
      'What you may do without asking, what a person is asked about, and your standing permissions. A dangerous call asks whatever is written here.',
    input: z.object({}),
    output,
    annotations: reads,
    run: async () => ({ data: await policyFor(session) }),
  });
}

const isPreset = (name: string): name is Preset => (presets as readonly string[]).includes(name);

/** The rules as they are for the calling agent. */
export async function policyFor(session: McpSessionContext): Promise<z.infer<typeof output>> {
  const context = session.context();
  const { preset, kill_switch } = await session.options.standing();
  const { grants } = await session.commands['grant.list'](
    { status: ['active'], limit: 100 },
    context,
  );
  return {
    preset,
    kill_switch,
    rules: (isPreset(preset) ? policyTable[preset] : []).map(
      ({ action, place, agent, reason }) => ({ action, place, decision: agent, reason }),
    ),
    grants: grants.map(({ label, until, uses }) => ({ label, until, uses })),
  };
}
