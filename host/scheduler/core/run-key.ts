/** What names one slot of one version of a task. */
export interface SlotName {
  task_id: string;
  scheduled_at: string;
  generation: number;
  /** The event that it comes after; null for times. */
  cause_seq: number | null;
}

/**
 * `<task_id>/<scheduled_at>/<generation>`; after an event with `/e<seq>`, since two may happen in one
 * millisecond. Nothing of the lease is in it: the next leader must make the same key.
 */
export const runKey = ({ task_id, scheduled_at, generation, cause_seq }: SlotName): string =>
  `${task_id}/${scheduled_at}/${generation}${cause_seq === null ? '' : `/e${cause_seq}`}`;
