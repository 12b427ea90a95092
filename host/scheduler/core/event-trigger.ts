import { domainEvents, type DomainEventType } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { TaskTrigger } from '#schema/views/task.ts';
import { HobError } from '#host/kernel/errors.ts';

/*
 * Which stored events a task comes after. An event that the task's own run made never starts it again,
 * and neither does one at the end of a chain of tasks that this task began.
 */

export type EventTrigger = Extract<TaskTrigger, { kind: 'event' }>;

const isEventType = (type: string): type is DomainEventType => Object.hasOwn(domainEvents, type);

/** Throws `invalid_schedule` for an event that never happens, or never has such a field. */
export function requireEvent({ event_type, where }: EventTrigger): void {
  if (!isEventType(event_type)) {
    const family = event_type.split('.')[0] ?? '';
    const near = Object.keys(domainEvents).filter((type) => type.startsWith(`${family}.`));
    const known = near.length > 0 ? near : [...new Set(Object.keys(domainEvents).map(familyOf))];
    throw new HobError('invalid_schedule', {
      message: `There is no event "${event_type}"; ${near.length > 0 ? 'of that kind there are' : 'events begin with'} ${known.join(', ')}.`,
    });
  }
  const fields = Object.keys(domainEvents[event_type].shape);
  for (const name of Object.keys(where)) {
    const [field = ''] = name.split('.');
    if (fields.includes(field)) continue;
    throw new HobError('invalid_schedule', {
      message: `The event ${event_type} has no field "${field}"; it has ${fields.join(', ') || 'none'}.`,
    });
  }
}

const familyOf = (type: string): string => `${type.split('.')[0] ?? ''}.`;

/** Whether the trigger names this event. Erased data matches no condition. */
export function comesAfter(trigger: EventTrigger, { event_type, data }: StoredEvent): boolean {
  return (
    event_type === trigger.event_type &&
    Object.entries(trigger.where).every(([name, value]) => valueAt(data, name) === value)
  );
}

/** `error.code` is the field `code` of the field `error`. */
function valueAt(data: unknown, name: string): unknown {
  let value = data;
  for (const field of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field))
      return undefined;
    value = (value as Record<string, unknown>)[field];
  }
  return value;
}

/** The slot whose run made an event: its task, and the event that it came after. */
export interface Origin {
  readonly task_id: string;
  readonly cause_seq: number | null;
}

/** Null for what no task did. */
export function originOf({ correlation_id, data }: StoredEvent): Origin | null {
  if (!correlation_id.startsWith('task_')) return null;
  const named = data?.['run_key'];
  const key = typeof named === 'string' ? named : correlation_id;
  return { task_id: key.split('/')[0] ?? key, cause_seq: causeOf(key) };
}

/** The event that a run key names; null for one of times. */
export function causeOf(runKey: string): number | null {
  const seq = /\/e(\d+)$/.exec(runKey)?.[1];
  return seq === undefined ? null : Number(seq);
}
