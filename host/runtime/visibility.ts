import type { Principal } from '#schema/envelope/principal.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';

/** Runs and inquiries remembered; of older ones the owner is read again. */
const REMEMBERED = 10_000;

const idOf = (value: unknown): string | null => {
  const id = (value as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id : null;
};

/** The run or the inquiry that an event tells of. */
const subjectOf = ({ run_id, stream }: StoredEvent): string | null =>
  run_id ?? (stream.stream_type === 'inquiry' ? stream.stream_id : null);

/** With these events runs and inquiries begin, and say whose they are. */
const isFirst = ({ event_type: type }: StoredEvent): boolean =>
  type === 'run.created' || type === 'inquiry.asked';

const ownerNamedIn = ({ data }: StoredEvent): string | null =>
  idOf(data?.['requester']) ?? idOf(data?.['principal']);

/**
 * Who may see which event. People see everything; an agent sees what it did itself and what became
 * of its own runs, approvals and questions, never what others do.
 */
export class Visibility {
  readonly #readOwner: (subject: string) => Promise<string | null>;
  /** Run or inquiry → the principal that it is of; null where nobody knows it. */
  readonly #owners = new Map<string, string | null>();

  /** `readOwner`: the principal that a stored run or inquiry is of. */
  constructor(readOwner: (subject: string) => Promise<string | null>) {
    this.#readOwner = readOwner;
  }

  /** Called for every stored event, in order. */
  note(event: StoredEvent): void {
    const subject = subjectOf(event);
    const owner = isFirst(event) ? ownerNamedIn(event) : null;
    if (subject !== null && owner !== null) this.#remember(subject, owner);
  }

  /** Null: whose it is must be read first, as `visibleAmong` does. */
  visibleAtOnce(principal: Principal, event: StoredEvent): boolean | null {
    if (principal.kind !== 'agent') return true;
    const named = ownerNamedIn(event);
    if (named !== null) return named === principal.id;
    const subject = subjectOf(event);
    if (subject === null) return event.actor.id === principal.id;
    const owner = this.#owners.get(subject);
    if (owner === undefined) return null;
    return (owner ?? event.actor.id) === principal.id;
  }

  /** Those of the events that the principal may see, in their order. */
  async visibleAmong(principal: Principal, events: readonly StoredEvent[]): Promise<StoredEvent[]> {
    const visible: StoredEvent[] = [];
    for (const event of events) {
      const known = this.visibleAtOnce(principal, event);
      if (known ?? (await this.#isOwn(principal, event))) visible.push(event);
    }
    return visible;
  }

  async #isOwn(principal: Principal, event: StoredEvent): Promise<boolean> {
    const subject = subjectOf(event);
    if (subject !== null) this.#remember(subject, await this.#readOwner(subject));
    return this.visibleAtOnce(principal, event) === true;
  }

  #remember(subject: string, owner: string | null): void {
    this.#owners.set(subject, owner);
    const oldest = this.#owners.size > REMEMBERED ? this.#owners.keys().next().value : undefined;
    if (oldest !== undefined) this.#owners.delete(oldest);
  }
}
