import * as z from 'zod';

/** Crockford base 32 without I, L, O, U: the alphabet of a ULID. */
const ULID = '[0-9A-HJKMNP-TV-Z]{26}';

/** Prefixes of domain ids; the rest is a ULID, so ids sort by creation time. Source: seed 002, Data Model. */
export const idPrefixes = {
  room: 'room_',
  approval: 'appr_',
  run: 'run_',
  step: 'step_',
  toolCall: 'tc_',
  artifact: 'art_',
  grant: 'grant_',
  agent: 'agent_',
  decider: 'dec_',
  turn: 'turn_',
  task: 'task_',
  inquiry: 'inq_',
  server: 'srv_',
} as const;

export type IdKind = keyof typeof idPrefixes;

/** Schema of one kind of domain id, for example `appr_01J…`. */
export const domainId = (kind: IdKind) =>
  z
    .string()
    .regex(
      new RegExp(`^${idPrefixes[kind]}${ULID}$`),
      `must be ${idPrefixes[kind]} followed by a ULID`,
    );

export const uuidSchema = z.uuid();

/** A workspace: the top scope. Made from the folder's path by the editor; `ws_dev` when nobody said. */
export const workspaceIdSchema = z.string().regex(/^ws_[A-Za-z0-9_-]{1,64}$/);
export const DEFAULT_WORKSPACE = 'ws_dev';

/** ISO 8601 in UTC with milliseconds, e.g. `2026-01-31T12:00:00.000Z`. */
export const timestampSchema = z.iso.datetime();
