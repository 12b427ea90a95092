import type { Principal } from '#schema/envelope/principal.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';

/** Runs and inquiries remembered; beyond that the oldest are forgotten and their events stay hidden from agents. */
const REMEMBERED = 10_000;

const idOf = (value: unknown): string | null => {
  const id = (value as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id : null;
};

/** What begins with this event, and the principal that it belongs to. */
function ownedBy({
  event_type,
  run_id,
  stream,
  data,
}: StoredEvent): [string | null, string | null] {
  if (event_type === 'run.created') return [run_id, idOf(data?.['principal'])];
  if (event_type === 'inquiry.asked') return [stream.stream_id, idOf(data?.['requester'])];
  return [null, null];
}

/**
 * Who may see which event. People see everything; an agent sees what it did itself and what became
 * of its own runs, approvals and questions, never what others do.
 */
export class Visibility {
  /** By run, and by inquiry. */
  readonly #owners = new Map<string, string>();

  /** Called for every stored event, in order. */
  note(event: StoredEvent): void {
    const [id, owner] = ownedBy(event);
    if (id === null || owner === null) return;
    this.#owners.set(id, owner);
    const oldest = this.#owners.size > REMEMBERED ? this.#owners.keys().next().value : undefined;
    if (oldest !== undefined) this.#owners.delete(oldest);
  }

  visibleTo(principal: Principal, event: StoredEvent): boolean {
    if (principal.kind !== 'agent') return true;
    const owner =
      idOf(event.data?.['requester']) ??
      idOf(event.data?.['principal']) ??
      this.#owners.get(event.run_id ?? event.stream.stream_id) ??
      null;
    return owner === null ? event.actor.id === principal.id : owner === principal.id;
  }
}
