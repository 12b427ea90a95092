import type { JsonObject } from '#schema/envelope/json.ts';
import type { WireEventName } from '#schema/events/runtime-events.ts';
import type { EditorContext } from '#schema/views/editor-context.ts';
import { isWithin } from '#host/policy/core/places.ts';
import type { WorkspaceFacts } from '#host/policy/ports.ts';

/** The connection of one window, as far as this needs it. */
export interface WindowConnection {
  id: string;
  /** Sends an event to this connection only. False when it is gone or does not read. */
  sendEvent(event: WireEventName, payload: JsonObject): boolean;
}

export interface EditorWindow {
  connection: WindowConnection;
  workspace_id: string;
  context: EditorContext;
}

/**
 * The editor windows that are open now, by what they last said of themselves. Nothing here is
 * stored: a window that disconnects is forgotten. Newest focus first.
 */
export class EditorWindows implements WorkspaceFacts {
  #windows: readonly EditorWindow[] = [];
  readonly #onClosed = new Set<(connectionId: string) => void>();
  readonly #onSaid = new Set<(context: EditorContext) => void>();

  /** Called with everything that a window says of itself. */
  onSaid(listener: (context: EditorContext) => void): void {
    this.#onSaid.add(listener);
  }

  /** What a window says of itself. A window that gains the focus becomes the first. */
  set(connection: WindowConnection, workspaceId: string, context: EditorContext): void {
    const window = { connection, workspace_id: workspaceId, context };
    const index = this.#windows.findIndex((w) => w.connection.id === connection.id);
    const wasFocused = this.#windows[index]?.context.focused ?? false;
    if (index === -1 || (context.focused && !wasFocused)) {
      this.#windows = [window, ...this.#windows.filter((w) => w.connection.id !== connection.id)];
    } else {
      this.#windows = this.#windows.with(index, window);
    }
    for (const listener of this.#onSaid) listener(context);
  }

  remove(connectionId: string): void {
    if (!this.#windows.some((w) => w.connection.id === connectionId)) return;
    this.#windows = this.#windows.filter((w) => w.connection.id !== connectionId);
    for (const listener of this.#onClosed) listener(connectionId);
  }

  onClosed(listener: (connectionId: string) => void): () => void {
    this.#onClosed.add(listener);
    return () => this.#onClosed.delete(listener);
  }

  get all(): readonly EditorWindow[] {
    return this.#windows;
  }

  /** The last focused window of a workspace. */
  lastFocused(workspaceId: string): EditorWindow | null {
    return this.#windows.find((w) => w.workspace_id === workspaceId) ?? null;
  }

  trusted(workspaceId: string): boolean | null {
    const own = this.#windows.filter((w) => w.workspace_id === workspaceId);
    return own.length === 0 ? null : own.every((w) => w.context.trusted);
  }

  folders(workspaceId: string): readonly string[] {
    return [
      ...new Set(
        this.#windows
          .filter((w) => w.workspace_id === workspaceId)
          .flatMap((w) => w.context.folders),
      ),
    ];
  }

  /** The innermost open folder that holds `path` names the workspace. */
  workspaceOf(path: string): string | null {
    const holders = this.#windows.flatMap((w) =>
      w.context.folders
        .filter((f) => isWithin(path, f))
        .map((folder) => ({ folder, id: w.workspace_id })),
    );
    return holders.toSorted((a, b) => b.folder.length - a.folder.length)[0]?.id ?? null;
  }

  /**
   * The workspace a call belongs to: where it would run, else what the caller said, else — when it
   * said nothing — the last focused window's.
   */
  resolve(requested: string, fallback: string, cwd: string | undefined): string {
    const byFolder = cwd === undefined ? null : this.workspaceOf(cwd);
    if (byFolder !== null) return byFolder;
    return requested === fallback ? (this.#windows[0]?.workspace_id ?? fallback) : requested;
  }
}
