import { registry } from '../../schema/commands/registry.ts';
import { wireErrors } from '../../schema/envelope/errors.ts';
import { domainEvents } from '../../schema/events/domain-events.ts';
import { wireEvents } from '../../schema/events/runtime-events.ts';
import { payloadSchema, resultSchema, type Shape } from './json-schema.ts';

/** Everything that a client of this version may rely on; it only ever grows within v1 (F-32, F-33). */
export interface Frozen {
  commands: Record<string, FrozenCommand>;
  wire_events: string[];
  stored_events: string[];
  errors: string[];
}

export interface FrozenCommand {
  roles: string[];
  action: string;
  since: string;
  /** A client that was written for the command sends these, and no others are needed. */
  required: string[];
  /** What it may read from the result. */
  result: string[];
}

const names = (shape: Shape): string[] => Object.keys(shape.properties ?? {}).toSorted();

/** What the code says now. */
export function frozenNames(): Frozen {
  const commands = registry.map((row): [string, FrozenCommand] => [
    row.name,
    {
      roles: [...row.roles].toSorted(),
      action: row.action,
      since: row.since,
      required: [...(payloadSchema(row).required ?? [])].toSorted(),
      result: names(resultSchema(row)),
    },
  ]);
  return {
    commands: Object.fromEntries(commands.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    wire_events: Object.keys(wireEvents).toSorted(),
    stored_events: Object.keys(domainEvents).toSorted(),
    errors: Object.keys(wireErrors).toSorted(),
  };
}

const union = (a: readonly string[], b: readonly string[]): string[] =>
  [...new Set([...a, ...b])].toSorted();

/** `before` with what is new in `now`. Nothing leaves; what changed about a name that stays is not taken over. */
export function grow(before: Frozen, now: Frozen): Frozen {
  const commands = union(Object.keys(before.commands), Object.keys(now.commands)).map(
    (name): [string, FrozenCommand] => {
      const [old, fresh] = [before.commands[name], now.commands[name]];
      if (old === undefined || fresh === undefined) return [name, (old ?? fresh) as FrozenCommand];
      return [
        name,
        { ...old, roles: union(old.roles, fresh.roles), result: union(old.result, fresh.result) },
      ];
    },
  );
  return {
    commands: Object.fromEntries(commands),
    wire_events: union(before.wire_events, now.wire_events),
    stored_events: union(before.stored_events, now.stored_events),
    errors: union(before.errors, now.errors),
  };
}

/** Every promise of `before` that `now` breaks, in words. */
export function brokenPromises(before: Frozen, now: Frozen): string[] {
  const gone = (kind: string, old: readonly string[], fresh: readonly string[]): string[] =>
    old.filter((name) => !fresh.includes(name)).map((name) => `${kind} ${name} is gone`);
  const commands = Object.entries(before.commands).flatMap(([name, old]) => {
    const fresh = now.commands[name];
    if (fresh === undefined) return [`command ${name} is gone`];
    return [
      ...gone(`${name}: role`, old.roles, fresh.roles),
      ...gone(`${name}: result field`, old.result, fresh.result),
      ...gone(`${name}: optional field`, fresh.required, old.required).map((text) =>
        text.replace('is gone', 'is required now'),
      ),
      ...(old.action === fresh.action ? [] : [`${name}: action changed`]),
    ];
  });
  return [
    ...commands,
    ...gone('event', before.wire_events, now.wire_events),
    ...gone('stored event', before.stored_events, now.stored_events),
    ...gone('error', before.errors, now.errors),
  ];
}
