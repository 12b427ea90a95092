import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { KnownTool, PinnedTool, ServerRecord } from './server-record.ts';

/** What a server offers at this moment. */
export interface Listing {
  capability_set: string;
  tools: readonly PinnedTool[];
  left_out: number;
}

/**
 * What a listing means. The first one is pinned, with the yes that the server was added by. Later,
 * what differs from its pin and what is new is quarantined, once for each text of it; what reads again
 * as it is pinned is free again.
 */
export function decideListing(server: ServerRecord, listing: Listing): DomainEvent[] {
  const { server_id, name: called } = server;
  const { capability_set, left_out } = listing;
  if (server.tools === null)
    return [
      {
        type: 'server.tools_pinned',
        data: { server_id, server: called, capability_set, tools: [...listing.tools], left_out },
      },
    ];
  const known = server.tools;
  return listing.tools.flatMap((tool) =>
    changeOf(server, capability_set, known[tool.definition.name], tool),
  );
}

function changeOf(
  server: ServerRecord,
  capability_set: string,
  known: KnownTool | undefined,
  tool: PinnedTool,
): DomainEvent[] {
  const about = { server_id: server.server_id, server: server.name };
  const { name } = tool.definition;
  const { sha256 } = tool;
  const isPinned = known?.pinned?.sha256 === sha256;
  if (isPinned)
    return known.quarantined === null
      ? []
      : [{ type: 'server.tool_restored', data: { ...about, name, sha256 } }];
  if (known?.quarantined?.sha256 === sha256) return [];
  const pinned_sha256 = known?.pinned?.sha256 ?? null;
  const data = { ...about, capability_set, name, tool, pinned_sha256 };
  return [{ type: 'server.tool_quarantined', data }];
}
