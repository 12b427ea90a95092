import * as z from 'zod';
import { domainId } from '../envelope/ids.ts';
import { storedEventSchema } from '../events/stored-event.ts';
import { runStatusSchema, runViewSchema } from '../views/run.ts';
import { command, everyRole, people } from './define.ts';

export const runCommands = [
  command({
    name: 'run.list',
    roles: everyRole,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'Runs, newest first. An agent sees its own.',
    payload: () =>
      z.object({
        status: z.array(runStatusSchema).max(8).optional(),
        /** Of these alone: ids of principals, as events have them. Default: everybody's. */
        principal_ids: z.array(z.string().max(128)).min(1).max(8).optional(),
        limit: z.number().int().min(1).max(500).default(50),
        before_run_id: domainId('run').optional(),
      }),
    result: () => z.object({ runs: z.array(runViewSchema) }),
  }),
  command({
    name: 'run.get',
    roles: everyRole,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'One run with its result. With `wait_ms`, answers when it has ended.',
    payload: () =>
      z.object({
        run_id: domainId('run'),
        wait_ms: z.number().int().min(0).max(50_000).default(0),
      }),
    result: () => z.object({ run: runViewSchema }),
  }),
  command({
    name: 'run.cancel',
    roles: [...people, 'agent'],
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary:
      'Ends a run: its question is withdrawn, its process group is killed. An agent may cancel its own.',
    payload: () =>
      z.object({
        run_id: domainId('run'),
        reason: z.string().max(256).default('cancelled'),
      }),
    result: () => z.object({ run: runViewSchema }),
  }),
  command({
    name: 'artifact.get',
    roles: everyRole,
    action: 'read',
    idempotent: true,
    since: '0.2.0',
    summary:
      'A piece of what was too long for a run to hold: output of a command, an answer of an external tool. An agent reads those of its own runs.',
    payload: () =>
      z.object({
        artifact_id: domainId('artifact'),
        /** The byte to begin at: 0, or `next_from` of the piece before. */
        from: z.number().int().nonnegative().default(0),
        limit: z.number().int().min(1_024).max(262_144).default(65_536),
      }),
    result: () =>
      z.object({
        artifact_id: domainId('artifact'),
        run_id: domainId('run'),
        name: z.string(),
        bytes: z.number().int().nonnegative(),
        text: z.string(),
        /** Null: this was the last piece. */
        next_from: z.number().int().nonnegative().nullable(),
      }),
  }),
] as const;

export const eventCommands = [
  command({
    name: 'event.query',
    roles: ['panel', 'extension', 'cli', 'agent', 'engine'],
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'Stored events by filter. `from_seq` is exclusive ("after this").',
    payload: () =>
      z.object({
        from_seq: z.number().int().nonnegative().optional(),
        to_seq: z.number().int().positive().optional(),
        order: z.enum(['asc', 'desc']).default('asc'),
        stream_type: z.string().max(32).optional(),
        stream_id: z.string().max(128).optional(),
        event_type: z.array(z.string().max(64)).max(64).optional(),
        run_id: domainId('run').optional(),
        correlation_id: z.string().max(128).optional(),
        /**
         * Words, each of which is in the values, the type or the actor of the event, or in what it is about:
         * the first event of its stream or of its run. A to Z match in either case.
         */
        text: z.string().trim().min(1).max(256).optional(),
        limit: z.number().int().min(1).max(1_000).default(100),
      }),
    result: () =>
      z.object({
        events: z.array(storedEventSchema),
        head_seq: z.number().int().nonnegative(),
      }),
  }),
  command({
    name: 'event.get',
    roles: ['panel', 'extension', 'cli', 'agent', 'engine'],
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'One stored event, by event_id or seq.',
    payload: () =>
      z
        .object({ event_id: z.uuid().optional(), seq: z.number().int().positive().optional() })
        .refine(
          (p) => (p.event_id === undefined) !== (p.seq === undefined),
          'give event_id or seq',
        ),
    result: () => z.object({ event: storedEventSchema }),
  }),
  command({
    name: 'stream.subscribe',
    roles: ['panel', 'extension', 'cli', 'agent', 'engine'],
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary:
      'Events from now on, or everything after `from_seq` first and then live, without a gap. Subscribing again replaces the filter. An agent receives what its own runs and approvals did.',
    payload: () =>
      z.object({
        from_seq: z.number().int().nonnegative().optional(),
        /** Wire events wanted; default all. */
        events: z.array(z.string().max(64)).max(64).optional(),
      }),
    result: () => z.object({ head_seq: z.number().int().nonnegative() }),
  }),
  command({
    name: 'audit.verify',
    roles: people,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary:
      'Checks the hash chain, the signatures of all decisions and every projection against the events.',
    payload: () => z.object({}),
    result: () =>
      z.object({
        ok: z.boolean(),
        events: z.number().int(),
        head_seq: z.number().int(),
        head_hash: z.string(),
        decisions: z.number().int(),
        erased: z.number().int(),
        /** Null when the file could not be read far enough to compare. */
        projections: z.number().int().nullable(),
        problems: z.array(
          z.object({ code: z.string(), seq: z.number().int().nullable(), message: z.string() }),
        ),
      }),
  }),
] as const;
