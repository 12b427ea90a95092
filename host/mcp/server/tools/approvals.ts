import * as z from 'zod';
import { domainId } from '#schema/envelope/ids.ts';
import { jsonObjectSchema, type JsonObject } from '#schema/envelope/json.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import { approvalStatuses, type ApprovalView } from '#schema/views/approval.ts';
import { present } from '#host/kernel/fields.ts';
import { askAnswer } from '../../core/answers.ts';
import { askResultSchema } from '../../core/results.ts';
import { taskOfRun } from '../../core/tasks.ts';
import type { McpSessionContext } from '../session-context.ts';
import { reads, registerTool, type ToolHost } from '../tool.ts';

/** Enough to choose one; get_approval tells the rest. */
const listedSchema = z.object({
  approval_id: z.string(),
  run_id: z.string().nullable(),
  status: z.string(),
  effect: z.string(),
  requested_at: z.string(),
});
const approvalSchema = z.object({
  approval_id: z.string(),
  run_id: z.string().nullable(),
  status: z.enum(approvalStatuses),
  call: jsonObjectSchema,
  danger: z.boolean(),
  effect: z.string(),
  requested_at: z.string(),
  expires_at: z.string().nullable(),
  settled_at: z.string().nullable(),
  ended_reason: z.string().nullable(),
});

/** An approval without what only the deciding side needs. */
function shown(view: ApprovalView) {
  const {
    approval_id,
    run_id,
    status,
    call,
    danger,
    explanation,
    requested_at,
    expires_at,
    settled_at,
    ended_reason,
  } = view;
  return {
    approval_id,
    run_id,
    status,
    call: JSON.parse(JSON.stringify(call)) as JsonObject,
    danger,
    effect: explanation.effect,
    requested_at,
    expires_at,
    settled_at,
    ended_reason,
  };
}

const listed = ({ approval_id, run_id, status, explanation, requested_at }: ApprovalView) => ({
  approval_id,
  run_id,
  status,
  effect: explanation.effect,
  requested_at,
});

export function approvalTools(host: ToolHost, session: McpSessionContext): void {
  registerTool(host, {
    name: 'request_approval',
    title: 'Request approval',
    description:
      'Asks whether you may do one exact thing that you will do yourself. Say exactly what; the answer is for that alone. "allow": do it now. "deny": do not. "pending": a person has to answer; do nothing yet and ask get_approval.',
    input: z.object({
      action: z.enum([
        'command.run',
        'fs.read',
        'fs.write',
        'external.write',
        'mcp.call',
        'agent.tool',
      ]),
      tool: z.string().min(1).max(128).describe('Name of the tool that you would use'),
      argv: z.array(z.string().max(131_072)).min(1).max(4_096).optional(),
      command_line: z.string().max(262_144).optional().describe('What you would hand to a shell'),
      cwd: z.string().max(4_096).optional(),
      paths: z
        .array(z.string().max(4_096))
        .max(1_024)
        .optional()
        .describe('Every file that it touches'),
      url: z.string().max(8_192).optional(),
      diff: z.string().max(262_144).optional().describe('For edits: the change as a unified diff'),
      arguments: jsonObjectSchema.optional().describe('The exact arguments of the tool'),
      task: z
        .string()
        .max(512)
        .optional()
        .describe('What you are doing, in your own words; shown to the person'),
    }),
    output: askResultSchema,
    annotations: {
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: false,
      openWorldHint: false,
    },
    mayBeTask: true,
    async run({ task, arguments: args, cwd, ...described }, call) {
      const folder = session.folderFor(cwd);
      const { action, tool } = described;
      const wanted = {
        ...present(described),
        action,
        tool,
        arguments: args ?? {},
        ...(folder === undefined ? {} : { cwd: folder }),
      };
      const run = await session.submit(wanted as ActionCall, 'agent', task, call);
      return session.goesOn(run, call) ? { task: taskOfRun(run) } : askAnswer(run);
    },
  });

  registerTool(host, {
    name: 'get_approval',
    title: 'Get an approval',
    description: 'One of your approvals. With wait_ms, answers when it is settled.',
    input: z.object({
      approval_id: domainId('approval'),
      wait_ms: z.number().int().min(0).max(45_000).optional(),
    }),
    output: approvalSchema,
    annotations: reads,
    run: async ({ approval_id, wait_ms }, call) => ({
      data: await ownApproval(session, approval_id, Math.min(wait_ms ?? 0, call.waitMs)),
    }),
  });

  registerTool(host, {
    name: 'list_approvals',
    title: 'List approvals',
    description: 'Your approvals, oldest first; by default those that wait.',
    input: z.object({
      status: z.array(z.enum(approvalStatuses)).max(6).optional(),
      limit: z.number().int().min(1).max(100).optional(),
    }),
    output: z.object({ approvals: z.array(listedSchema), total: z.number().int() }),
    annotations: reads,
    run: async ({ status, limit }) => ({
      data: await ownApprovals(session, status ?? waiting, limit ?? 20),
    }),
  });
}

const waiting: readonly ApprovalView['status'][] = ['pending', 'held'];

/** The caller's own, oldest first. */
export async function ownApprovals(
  session: McpSessionContext,
  status: readonly ApprovalView['status'][] = waiting,
  limit = 100,
) {
  const { approvals, total } = await session.commands['approval.list'](
    { status: [...status], limit },
    session.context(),
  );
  return { approvals: approvals.map(listed), total };
}

/** One of the caller's own, in full. */
export async function ownApproval(session: McpSessionContext, approval_id: string, wait_ms = 0) {
  const { approval } = await session.commands['approval.get'](
    { approval_id, wait_ms },
    session.context(),
  );
  return shown(approval);
}
