import { canonicalJson } from '#schema/envelope/canonical.ts';
import type { DomainEvent, DomainEventData } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { Isolation, ServerTransport, ToolDefinition } from '#schema/views/server.ts';

type AllowedOrigin = DomainEventData<'server.origins_allowed'>['origins'][number];

/** A definition with its pin. */
export interface PinnedTool {
  sha256: string;
  definition: ToolDefinition;
}

/** A tool as it is known: what was accepted, and what it says now when that is something else. */
export interface KnownTool {
  pinned: PinnedTool | null;
  quarantined: PinnedTool | null;
}

/** A server as stored. */
export interface ServerRecord {
  server_id: string;
  name: string;
  status: 'active' | 'removed';
  transport: ServerTransport;
  executable: string | null;
  isolation: Isolation;
  added_at: string;
  /** Null before the first listing. */
  tools: Record<string, KnownTool> | null;
  left_out: number;
  off?: boolean;
  /** Where Hob may connect to for signing in, beside the server itself. */
  login_origins?: AllowedOrigin[];
  /** Over the names and pins, kept with every change: what does not fit it is not believed. */
  pins_digest: string;
}

type Data<T extends DomainEvent['type']> = DomainEventData<T>;
export type Sha256 = (text: string) => string;

/** What `pins_digest` is over. */
export const pinsText = (tools: ServerRecord['tools']): string =>
  canonicalJson(
    Object.entries(tools ?? {})
      .map(([name, tool]) => [name, tool.pinned?.sha256 ?? null, tool.quarantined?.sha256 ?? null])
      .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );

/** The server after one more event of its stream. */
export function evolveServer(
  server: ServerRecord | null,
  event: StoredEvent,
  sha256: Sha256,
): ServerRecord | null {
  if (event.event_type === 'server.added') {
    const data = event.data as unknown as Data<'server.added'>;
    return {
      ...data,
      status: 'active',
      added_at: event.occurred_at,
      tools: null,
      left_out: 0,
      pins_digest: sha256(pinsText(null)),
    };
  }
  if (server === null) return null;
  if (event.event_type === 'server.origins_allowed') {
    const { origins } = event.data as unknown as Data<'server.origins_allowed'>;
    return { ...server, login_origins: [...(server.login_origins ?? []), ...origins] };
  }
  if (event.event_type === 'server.turned_off') return { ...server, off: true };
  if (event.event_type === 'server.turned_on') return { ...server, off: false };
  if (event.event_type === 'server.removed') return { ...server, status: 'removed' };
  const changed = changedTools(server, event);
  if (changed === null) return server;
  return { ...server, ...changed, pins_digest: sha256(pinsText(changed.tools)) };
}

function changedTools(
  server: ServerRecord,
  event: StoredEvent,
): Pick<ServerRecord, 'tools' | 'left_out'> | null {
  const { left_out } = server;
  const known = server.tools ?? {};
  const one = (name: string, tool: KnownTool) => ({ tools: { ...known, [name]: tool }, left_out });
  switch (event.event_type) {
    case 'server.tools_pinned': {
      const data = event.data as unknown as Data<'server.tools_pinned'>;
      const tools = data.tools.map((tool): [string, KnownTool] => [
        tool.definition.name,
        { pinned: tool, quarantined: null },
      ]);
      return { tools: Object.fromEntries(tools), left_out: data.left_out };
    }
    case 'server.tool_quarantined': {
      const { name, tool } = event.data as unknown as Data<'server.tool_quarantined'>;
      return one(name, { pinned: known[name]?.pinned ?? null, quarantined: tool });
    }
    case 'server.tool_accepted': {
      const { name, sha256 } = event.data as unknown as Data<'server.tool_accepted'>;
      const now = known[name]?.quarantined;
      return now?.sha256 === sha256 ? one(name, { pinned: now, quarantined: null }) : null;
    }
    case 'server.tool_restored': {
      const { name } = event.data as unknown as Data<'server.tool_restored'>;
      return one(name, { pinned: known[name]?.pinned ?? null, quarantined: null });
    }
    default:
      return null;
  }
}

/** Whether a tool may be called with this pin: only as it was accepted, and only while it says nothing else. */
export const isUsable = (tool: KnownTool | undefined): tool is KnownTool & { pinned: PinnedTool } =>
  tool !== undefined && tool.pinned !== null && tool.quarantined === null;
