import * as z from 'zod';
import { domainId, timestampSchema } from '../envelope/ids.ts';
import { capabilityViewSchema } from './capability.ts';

/** One agent that Hob knows, with what is really covered. */
export const agentViewSchema = z.object({
  agent_id: domainId('agent'),
  /** A name of hooked-agents.ts, `demo`, or the name given to `agent.add`. */
  name: z.string().min(1).max(64),
  display: z.string(),
  status: z.enum(['active', 'revoked']),
  added_at: timestampSchema,
  /** When its hook or its MCP session last spoke to Hob. */
  last_seen_at: timestampSchema.nullable(),
  last_hook_at: timestampSchema.nullable(),
  /** What Hob gates and what it cannot, in words; see `agent.connect_plan`. */
  coverage: z.object({
    gated: z.boolean(),
    covered: z.array(z.string()),
    not_covered: z.array(z.string()),
    /** True when the hook that Hob wrote is still in the agent's file; null when there is none to check. */
    hook_present: z.boolean().nullable(),
    /** False when the entry of Hob's MCP server was taken out of the agent's file. */
    server_present: z.boolean().optional(),
  }),
  /** The grant behind its token; null for an agent that has none and only calls itself something. */
  capability: capabilityViewSchema.nullable().optional(),
});
export type AgentView = z.infer<typeof agentViewSchema>;

/** One file that connecting an agent would write. `before` is null when it does not exist yet. */
export const connectFileSchema = z.object({
  path: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** Unified diff, for people. */
  diff: z.string(),
});

export const connectPlanSchema = z.object({
  name: z.string(),
  display: z.string(),
  /** Where the agent was found; null when it is not installed (the plan still works). */
  found: z
    .object({
      executable: z.string().nullable(),
      version: z.string().nullable(),
      config_dir: z.string(),
    })
    .nullable(),
  /** `connected` when the files already say so. */
  state: z.enum(['not_connected', 'connected', 'changed']),
  files: z.array(connectFileSchema),
  covered: z.array(z.string()),
  not_covered: z.array(z.string()),
  notes: z.array(z.string()),
  /** SHA-256 over the files before and after; `agent.connect_apply` must repeat it. */
  plan_hash: z.string(),
});
export type ConnectPlan = z.infer<typeof connectPlanSchema>;

/** One way to give Hob's MCP server to a client that Hob does not connect itself. */
export const installLinkSchema = z.object({
  id: z.enum(['vscode', 'cursor', 'claude-code', 'mcp-json', 'mcp-json-portable']),
  title: z.string(),
  /** `link` is opened, `command` is run in a terminal, `file` is the content of one. */
  kind: z.enum(['link', 'command', 'file']),
  text: z.string(),
});
export type InstallLink = z.infer<typeof installLinkSchema>;
