import { mayDecide } from '#schema/envelope/principal.ts';
import type { LiveEvents } from '#host/conversation/turns/ports.ts';
import type { Connection } from '#host/ipc/ports.ts';
import type { EditorWindows } from '#host/runs/editors/windows.ts';

/** Events of the moment, to the editor's own connections. */
export const liveEvents = (
  connections: ReadonlyMap<string, Connection>,
  windows: EditorWindows,
): LiveEvents => ({
  send(event, payload, coalesce = false) {
    for (const connection of connections.values()) {
      if (!mayDecide(connection.role)) continue;
      if (coalesce) connection.sendNewest(event, payload);
      else connection.sendEvent(event, payload);
    }
  },
  sendTo(windowId, event, payload) {
    const window = windows.all.find((w) => w.context.window_id === windowId);
    return window?.connection.sendEvent(event, payload) ?? false;
  },
});
