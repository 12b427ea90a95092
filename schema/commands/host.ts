import * as z from 'zod';
import { command, everyRole, people } from './define.ts';

export const hostCommands = [
  command({
    name: 'host.ping',
    roles: everyRole,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'Answers at once; measures the round trip.',
    payload: () => z.object({ echo: z.string().max(65_536).optional() }),
    result: () => z.object({ now: z.string(), echo: z.string().optional() }),
  }),
  command({
    name: 'host.version',
    roles: everyRole,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'The contract versions and commands that this host speaks.',
    payload: () => z.object({}),
    result: () =>
      z.object({
        versions: z.array(z.number().int()),
        build: z.string(),
        instance_id: z.string(),
        pid: z.number().int(),
        node: z.string(),
        started_at: z.string(),
        store_id: z.string().nullable(),
        store_schema: z.number().int(),
        commands: z.array(z.string()),
      }),
  }),
  command({
    name: 'host.shutdown',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary:
      'Stops the host. With `drain`, runs that execute end first (at most 30 s); waiting approvals stay and are there at the next start.',
    payload: () =>
      z.object({
        drain: z.boolean().default(true),
        reason: z.string().max(256).default('asked'),
      }),
    result: () => z.object({ executing: z.number().int() }),
  }),
] as const;
