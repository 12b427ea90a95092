import * as z from 'zod';
import { command, everyRole, people, editor } from './define.ts';

/** Who starts scheduled runs on this data directory; the rest is the lease as it was last written. */
const leadershipSchema = z.object({
  /** Of the host that answers. follower: another one holds the lease, or it has not run out yet. */
  state: z.enum(['follower', 'candidate', 'leader']),
  fencing: z.number().int().nullable(),
  instance_id: z.string().nullable(),
  pid: z.number().int().nullable(),
  started_at: z.string().nullable(),
  heartbeat_at: z.string().nullable(),
  lease_expires_at: z.string().nullable(),
});
export type LeadershipView = z.infer<typeof leadershipSchema>;

export const runtimeStatusSchema = z.object({
  state: z.enum(['starting', 'running', 'stopped', 'degraded', 'draining']),
  /** Why it is degraded, in words; null otherwise. */
  problem: z.string().nullable(),
  kill_switch: z.boolean(),
  preset: z.string(),
  waiting: z.number().int(),
  held: z.number().int(),
  executing: z.number().int(),
  head_seq: z.number().int(),
  agents: z.object({ total: z.number().int(), not_gated: z.number().int() }),
  windows: z.number().int(),
  clients: z.number().int(),
  deciders: z.number().int(),
  scheduler: leadershipSchema,
});

export type RuntimeStatus = z.infer<typeof runtimeStatusSchema>;

export const runtimeCommands = [
  command({
    name: 'runtime.start',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary: 'Lets new calls in again after runtime.stop.',
    payload: () => z.object({}),
    result: () => z.object({ state: z.literal('running') }),
  }),
  command({
    name: 'runtime.stop',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary: 'Pauses: new calls are refused with runtime_stopped; what waits keeps waiting.',
    payload: () => z.object({ reason: z.string().max(256).default('asked') }),
    result: () => z.object({ state: z.literal('stopped') }),
  }),
  command({
    name: 'runtime.status',
    roles: everyRole,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'What the orb shows: state, how many wait, what is wrong.',
    payload: () => z.object({}),
    result: () => runtimeStatusSchema,
  }),
  command({
    name: 'orb.palette.set',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary: "Overrides the orb's colours (CSS hex) for everybody who shows it.",
    payload: () =>
      z.object({
        palette: z
          .partialRecord(
            z.enum(['idle', 'listening', 'thinking', 'speaking', 'waiting']),
            z.string().regex(/^#[0-9a-fA-F]{6}$/),
          )
          .refine((p) => Object.keys(p).length > 0, 'name at least one colour'),
      }),
    result: () => z.object({}),
  }),
  command({
    name: 'orb.palette.clear',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary: "Gives the orb its theme's colours back.",
    payload: () => z.object({}),
    result: () => z.object({}),
  }),
  command({
    name: 'notify.show',
    roles: [...editor, 'cli', 'agent', 'engine'],
    action: 'act',
    idempotent: false,
    since: '0.1.0',
    summary: "Shows a message in the editor. An agent's message is marked as its own words.",
    payload: () =>
      z.object({
        title: z.string().min(1).max(128),
        message: z.string().max(2_048).default(''),
        level: z.enum(['info', 'warning', 'error']).default('info'),
      }),
    result: () => z.object({ shown: z.boolean() }),
  }),
] as const;
