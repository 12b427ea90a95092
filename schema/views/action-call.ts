import * as z from 'zod';
import { canonicalJson } from '../envelope/canonical.ts';
import { domainId } from '../envelope/ids.ts';
import { jsonObjectSchema, type JsonObject } from '../envelope/json.ts';

/**
 * What the policy table has rows for. `mcp.call` is a tool of another MCP server that an agent
 * wants to call; `agent.tool` is a built-in tool of an agent that has no better class;
 * `decider.enroll` lets one more editor decide; `schedule.write` makes or changes a task; `host.tool`
 * is upkeep that Hob does itself; `capability.grant` lets an agent's token do more; `server.write` adds an
 * external server and `server.pin` accepts what one of its tools says now. An action that is not here is denied.
 */
export const actions = [
  'editor.navigate',
  'editor.edit',
  'task.run',
  'command.run',
  'fs.read',
  'fs.write',
  'external.write',
  'mcp.call',
  'agent.tool',
  'notify.show',
  'decider.enroll',
  'schedule.write',
  'host.tool',
  'capability.grant',
  'server.write',
  'server.pin',
] as const;
export const actionSchema = z.enum(actions);
export type Action = z.infer<typeof actionSchema>;

/**
 * One exact call, as it is shown on a card, hashed, approved and run. Nothing outside it decides
 * what happens: two calls with the same hash are the same call.
 *
 * `argv` is what would be executed without a shell; `command_line` is what an agent hands to a
 * shell of its own. `executable` is the realpath of argv[0], resolved by the host.
 * `env_names` are names only: values never enter an event.
 */
export const actionCallSchema = z.object({
  action: actionSchema,
  tool: z.string().min(1).max(128),
  argv: z.array(z.string().max(131_072)).min(1).max(4_096).optional(),
  command_line: z.string().max(262_144).optional(),
  cwd: z.string().max(4_096).optional(),
  executable: z.string().max(4_096).optional(),
  env_names: z.array(z.string().max(256)).max(1_024).optional(),
  paths: z.array(z.string().max(4_096)).max(1_024).optional(),
  url: z.string().max(8_192).optional(),
  diff: z.string().max(262_144).optional(),
  /** The tool of an external server that Hob calls itself, as it is pinned. */
  server_tool: z
    .object({
      server_id: domainId('server'),
      name: z.string().max(128),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    })
    .optional(),
  arguments: jsonObjectSchema,
});
export type ActionCall = z.infer<typeof actionCallSchema>;

/**
 * The text whose SHA-256 is the call's hash: RFC 8785 over the call and its workspace. Everything
 * that a card shows is in it, the diff too, so a decision proves what was looked at.
 */
export function callHashInput(call: ActionCall, workspaceId: string): string {
  return canonicalJson({
    v: 1,
    workspace_id: workspaceId,
    call: JSON.parse(JSON.stringify(call)) as JsonObject,
  });
}

/** Lower-case hex SHA-256 of `callHashInput`. */
export const callHashSchema = z.string().regex(/^[0-9a-f]{64}$/);
