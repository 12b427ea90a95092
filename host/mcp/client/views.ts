// What is told of a server and its tools, and which of those may be called.
import type { ServerHealth, ServerToolView, ServerView } from '#schema/views/server.ts';
import { HobError } from '#host/kernel/errors.ts';
import { isUsable, type ServerRecord } from './core/server-record.ts';
import { pinsIntact, toolDiff } from './pins.ts';

export function serverView(
  server: ServerRecord,
  health: ServerHealth,
  login: ServerView['login'],
): ServerView {
  const { server_id, name, transport, isolation, added_at, left_out } = server;
  const all = Object.values(server.tools ?? {});
  const usable = all.filter(isUsable).length;
  return {
    server_id,
    name,
    transport,
    isolation,
    added_at,
    health,
    off: server.off === true,
    login,
    tools: server.tools === null ? null : { usable, quarantined: all.length - usable, left_out },
    pins_intact: pinsIntact(server),
  };
}

/** Of a server that was not started since this host was. */
export const stoppedSince = (since: string): ServerHealth => ({
  state: 'stopped',
  since,
  problem: null,
  restarts: 0,
  next_try_at: null,
  isolation: null,
  pid: null,
  protocol: null,
  calls_itself: null,
});

export const toolViews = (server: ServerRecord): ServerToolView[] =>
  Object.values(server.tools ?? {}).flatMap((tool) => {
    const { pinned, quarantined } = tool;
    const now = quarantined ?? pinned;
    if (now === null) return [];
    return [
      {
        name: now.definition.name,
        title: now.definition.title ?? null,
        description: now.definition.description ?? '',
        state: isUsable(tool) && pinsIntact(server) ? 'usable' : 'quarantined',
        pin: pinned?.sha256 ?? null,
        diff: quarantined === null ? null : toolDiff(server.name, tool),
        definition: now.definition,
      },
    ];
  });

/** Its pin. Throws `server_off`, `pins_corrupt`, `tool_unknown`, `tool_quarantined`. */
export function usableTool(server: ServerRecord, name: string) {
  if (server.off === true) throw new HobError('server_off');
  if (!pinsIntact(server)) throw new HobError('pins_corrupt');
  const tool = Object.hasOwn(server.tools ?? {}, name) ? server.tools?.[name] : undefined;
  if (tool === undefined) throw new HobError('tool_unknown');
  if (!isUsable(tool)) throw new HobError('tool_quarantined');
  return tool.pinned;
}
