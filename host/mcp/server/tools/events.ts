import * as z from 'zod';
import { domainId } from '#schema/envelope/ids.ts';
import { jsonObjectSchema } from '#schema/envelope/json.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { McpSessionContext } from '../session-context.ts';
import { reads, registerTool, type ToolHost } from '../tool.ts';

const eventSchema = z.object({
  seq: z.number().int(),
  event_type: z.string(),
  at: z.string(),
  run_id: z.string().nullable(),
  actor: z.string(),
  data: jsonObjectSchema.nullable().describe('Null when it is too long for here; see get_run'),
});

/** Of one event's data, and of one answer: a model reads every byte. */
const DATA_CHARACTERS = 4 * 1024;
const ANSWER_CHARACTERS = 100 * 1024;
/** Events read for one answer: most belong to others and are left out. */
const PAGE = 500;
const PAGES = 10;

const shown = (event: StoredEvent): z.infer<typeof eventSchema> => ({
  seq: event.seq,
  event_type: event.event_type,
  at: event.recorded_at,
  run_id: event.run_id,
  actor: event.actor.display,
  data: JSON.stringify(event.data).length > DATA_CHARACTERS ? null : event.data,
});

export function eventTools(host: ToolHost, session: McpSessionContext): void {
  registerTool(host, {
    name: 'list_events',
    title: 'List events',
    description:
      'What happened to your runs and approvals, oldest first, after from_seq. Continue with next_from_seq.',
    input: z.object({
      from_seq: z
        .number()
        .int()
        .nonnegative()
        .optional()
        .describe('Only events after this one; default 0'),
      run_id: domainId('run').optional(),
      limit: z.number().int().min(1).max(200).optional(),
    }),
    output: z.object({
      events: z.array(eventSchema),
      next_from_seq: z.number().int(),
      head_seq: z.number().int(),
    }),
    annotations: reads,
    async run({ from_seq, run_id, limit }) {
      return {
        data: await ownEvents(session, {
          from: from_seq ?? 0,
          limit: limit ?? 50,
          ...(run_id === undefined ? {} : { run_id }),
        }),
      };
    },
  });
}

/** What the caller may see after `from`, oldest first. */
export async function ownEvents(
  session: McpSessionContext,
  { from, limit, run_id }: { from: number; limit: number; run_id?: string },
) {
  const { store, visibleAmong } = session.options;
  const { principal } = session.caller;
  const events: z.infer<typeof eventSchema>[] = [];
  let at = from;
  let characters = 0;
  for (let page = 0; page < PAGES; page += 1) {
    const found = await store.query({
      from_seq: at,
      order: 'asc',
      limit: PAGE,
      ...(run_id === undefined ? {} : { run_id }),
    });
    const visible = new Set(await visibleAmong(principal, found));
    for (const event of found) {
      if (events.length === limit || characters > ANSWER_CHARACTERS)
        return { events, next_from_seq: at, head_seq: await store.headSeq() };
      at = event.seq;
      if (!visible.has(event)) continue;
      const one = shown(event);
      characters += JSON.stringify(one).length;
      events.push(one);
    }
    if (found.length < PAGE) break;
  }
  return { events, next_from_seq: at, head_seq: await store.headSeq() };
}

/** The newest that the caller may see, newest first. */
export async function recentEvents(session: McpSessionContext, limit: number) {
  const { store, visibleAmong } = session.options;
  const { principal } = session.caller;
  const events: z.infer<typeof eventSchema>[] = [];
  const head = await store.headSeq();
  for (let to = head, page = 0; to > 0 && page < PAGES && events.length < limit; page += 1) {
    const found = await store.query({ to_seq: to, order: 'desc', limit: PAGE });
    const own = await visibleAmong(principal, found);
    events.push(...own.slice(0, limit - events.length).map(shown));
    to = (found.at(-1)?.seq ?? 1) - 1;
  }
  return { events, head_seq: head };
}

/** Null when there is no such event for the caller. */
export async function ownEvent(session: McpSessionContext, seq: number) {
  const { store, visibleAmong } = session.options;
  const event = Number.isSafeInteger(seq) && seq > 0 ? await store.event({ seq }) : null;
  if (event === null) return null;
  const [own] = await visibleAmong(session.caller.principal, [event]);
  return own === undefined ? null : shown(own);
}
