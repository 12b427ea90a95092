import type { Principal } from '#schema/envelope/principal.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';

/** Runs remembered; beyond that the oldest are forgotten and their events stay hidden from agents. */
const REMEMBERED = 10_000;

const idOf = (value: unknown): string | null => {
  const id = (value as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id : null;
};

/**
 * Who may see which event. People see everything; an agent sees what it did itself and what became
 * of its own runs and approvals, never what others do.
 */
export class Visibility {
  readonly #owners = new Map<string, string>();

  /** Called for every stored event, in order. */
  note(event: StoredEvent): void {
    if (event.event_type !== 'run.created' || event.run_id === null) return;
    const owner = idOf(event.data?.['principal']);
    if (owner === null) return;
    this.#owners.set(event.run_id, owner);
    const oldest = this.#owners.size > REMEMBERED ? this.#owners.keys().next().value : undefined;
    if (oldest !== undefined) this.#owners.delete(oldest);
  }

  visibleTo(principal: Principal, event: StoredEvent): boolean {
    if (principal.kind !== 'agent') return true;
    const owner =
      idOf(event.data?.['requester']) ??
      idOf(event.data?.['principal']) ??
      (event.run_id === null ? null : (this.#owners.get(event.run_id) ?? null));
    return owner === null ? event.actor.id === principal.id : owner === principal.id;
  }
}
