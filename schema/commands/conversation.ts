import * as z from 'zod';
import { domainId } from '../envelope/ids.ts';
import { jsonObjectSchema } from '../envelope/json.ts';
import { editorContextSchema } from '../views/editor-context.ts';
import { intentMatchSchema } from '../views/intent.ts';
import { policyDecisionSchema } from '../views/run.ts';
import { wireErrorSchema } from '../envelope/errors.ts';
import { command, editor, people } from './define.ts';

/** What became of one sentence. `hob say --json` prints exactly this. */
export const sayResultSchema = z.object({
  turn_id: domainId('turn').nullable(),
  transcript: z.string(),
  intent: intentMatchSchema.nullable(),
  closest: z.array(intentMatchSchema),
  decision: policyDecisionSchema.nullable(),
  run_id: domainId('run').nullable(),
  approval_id: domainId('approval').nullable(),
  status: z.enum(['done', 'failed', 'denied', 'pending', 'not_understood', 'dry_run', 'answered']),
  /** What Hob says back, one sentence or more. */
  reply: z.string(),
  /** The reply without what was printed, where it speaks of that: for who shows the result as well. */
  outcome: z.string().optional(),
  /** Events that the reply speaks of: `[412]` after a sentence of it is one of them. */
  event_seqs: z.array(z.number().int()).default([]),
  result: jsonObjectSchema.nullable(),
  error: wireErrorSchema.nullable(),
});
export type SayResult = z.infer<typeof sayResultSchema>;

export const conversationCommands = [
  command({
    name: 'conversation.inject_text',
    roles: [...people, 'agent'],
    action: 'act',
    idempotent: false,
    since: '0.1.0',
    summary:
      'One sentence → intent → the gate → its effect. Never a decision: "approve" is refused with approval_source_refused.',
    payload: () =>
      z.object({
        text: z.string().min(1).max(4_096),
        window_id: z.string().max(64).optional(),
        /** Say what would happen, do nothing, store nothing. */
        dry_run: z.boolean().default(false),
        /** How long to wait for the end before the answer is `pending`. */
        wait_ms: z.number().int().min(0).max(600_000).default(45_000),
      }),
    result: () => sayResultSchema,
  }),
  command({
    name: 'conversation.cancel',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary:
      'Cancels a turn: its run, and the question it waits for. Without an id, the newest of this client.',
    payload: () => z.object({ turn_id: domainId('turn').optional() }),
    result: () => z.object({ cancelled: z.array(domainId('turn')) }),
  }),
  command({
    name: 'client.context_set',
    roles: editor,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary:
      'What this window is: workspace, focus, trust, tasks, editor commands and tools. Forgotten when it disconnects.',
    payload: () => editorContextSchema,
    result: () => z.object({ windows: z.number().int() }),
  }),
  command({
    name: 'toolcall.succeed',
    roles: ['extension', 'engine'],
    action: 'control',
    idempotent: false,
    since: '0.1.0',
    summary: 'The window that was sent runtime.tool_call reports the result. Only with its token.',
    payload: () =>
      z.object({
        tool_call_id: domainId('toolCall'),
        token: z.string().max(128),
        result: jsonObjectSchema,
      }),
    result: () => z.object({}),
  }),
  command({
    name: 'toolcall.fail',
    roles: ['extension', 'engine'],
    action: 'control',
    idempotent: false,
    since: '0.1.0',
    summary: 'The same for a failure.',
    payload: () =>
      z.object({
        tool_call_id: domainId('toolCall'),
        token: z.string().max(128),
        error: wireErrorSchema,
      }),
    result: () => z.object({}),
  }),
] as const;
