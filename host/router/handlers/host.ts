import { registry } from '#schema/commands/registry.ts';
import { SUPPORTED_VERSIONS } from '#schema/envelope/version.ts';
import { isoTime, type Clock } from '#host/kernel/clock.ts';
import type { Handlers } from '#host/router/ports.ts';

export interface HostFacts {
  build: string;
  instanceId: string;
  pid: number;
  node: string;
  startedAt: string;
  storeId: string | null;
  storeSchema: number;
}

export interface HostHandlerOptions {
  clock: Clock;
  facts(): HostFacts;
  executing(): number;
  /** Begins to stop; returns at once. */
  shutdown(how: { drain: boolean; reason: string }): void;
}

export function hostHandlers(
  options: HostHandlerOptions,
): Pick<Handlers, 'host.ping' | 'host.version' | 'host.shutdown'> {
  return {
    'host.ping': async ({ echo }) => ({
      now: isoTime(options.clock.now()),
      ...(echo === undefined ? {} : { echo }),
    }),
    'host.version': async () => {
      const facts = options.facts();
      return {
        versions: [...SUPPORTED_VERSIONS],
        build: facts.build,
        instance_id: facts.instanceId,
        pid: facts.pid,
        node: facts.node,
        started_at: facts.startedAt,
        store_id: facts.storeId,
        store_schema: facts.storeSchema,
        commands: registry.map(({ name }) => name),
      };
    },
    'host.shutdown': async (how) => {
      const executing = options.executing();
      options.shutdown(how);
      return { executing };
    },
  };
}
