import type { CommandResult } from '#schema/commands/registry.ts';
import type { LeadershipView } from '#schema/commands/runtime.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { CallAllowances } from '#host/policy/call-allowances.ts';
import { presetOf } from '#host/policy/core/settings.ts';
import { approvalsProjection } from '#host/policy/projections.ts';
import { showNotification } from '#host/policy/notifications.ts';
import type { SettingsService } from '#host/policy/settings-service.ts';
import type { EventStore } from '#host/store/ports.ts';
import type { Handlers } from '../ports.ts';

export interface RuntimeHandlersOptions {
  store: EventStore;
  settings: SettingsService;
  allowances: CallAllowances;
  phase(): 'starting' | 'running' | 'draining' | 'stopped';
  executing(): number;
  windows(): number;
  clients(): number;
  deciders(): Promise<number>;
  leadership(): LeadershipView;
  agents(): Promise<{ total: number; not_gated: number }>;
  verify(): Promise<CommandResult<'audit.verify'>>;
}

type RuntimeCommands =
  | 'runtime.start'
  | 'runtime.stop'
  | 'runtime.status'
  | 'orb.palette.set'
  | 'orb.palette.clear'
  | 'notify.show'
  | 'audit.verify';
type Status = CommandResult<'runtime.status'>;
type HostStanding = Pick<
  Status,
  'state' | 'problem' | 'kill_switch' | 'preset' | 'waiting' | 'held' | 'windows'
>;

/** The status when the store cannot be read: what is known without it. */
const degraded = (problem: string, o: RuntimeHandlersOptions): Status => ({
  state: 'degraded',
  problem,
  kill_switch: false,
  preset: 'off',
  waiting: 0,
  held: 0,
  executing: o.executing(),
  head_seq: 0,
  agents: { total: 0, not_gated: 0 },
  windows: o.windows(),
  clients: o.clients(),
  deciders: 0,
  scheduler: o.leadership(),
});

/** What the orb shows. Never throws: a broken store is what it is there to say. */
export const runtimeStatus = (o: RuntimeHandlersOptions): Promise<Status> =>
  orDegraded(o, async () => ({
    ...(await standing(o)),
    executing: o.executing(),
    head_seq: await o.store.headSeq(),
    agents: await o.agents(),
    clients: o.clients(),
    deciders: await o.deciders(),
    scheduler: o.leadership(),
  }));

/** The part of it that an agent may see. Never throws. */
export const hostStanding = (o: RuntimeHandlersOptions): Promise<HostStanding> =>
  orDegraded(o, () => standing(o));

async function standing(o: RuntimeHandlersOptions): Promise<HostStanding> {
  const { health } = o.store;
  const settings = await o.settings.current();
  const running: Status['state'] = settings.stopped ? 'stopped' : 'running';
  const phase = o.phase();
  return {
    state:
      health.state !== 'ok'
        ? 'degraded'
        : phase === 'running'
          ? running
          : phase === 'stopped'
            ? 'draining'
            : phase,
    problem: health.state === 'ok' ? null : health.message,
    kill_switch: settings.kill_switch,
    preset: presetOf(settings),
    waiting: await o.store.count(approvalsProjection, { status: 'pending' }),
    held: await o.store.count(approvalsProjection, { status: 'held' }),
    windows: o.windows(),
  };
}

async function orDegraded<T>(
  o: RuntimeHandlersOptions,
  read: () => Promise<T>,
): Promise<T | Status> {
  const { health } = o.store;
  try {
    return await read();
  } catch (failure) {
    return degraded(
      health.state === 'ok'
        ? failure instanceof HobError
          ? failure.message
          : 'The event store cannot be read.'
        : health.message,
      o,
    );
  }
}

export function runtimeHandlers(o: RuntimeHandlersOptions): Pick<Handlers, RuntimeCommands> {
  return {
    'runtime.start': async (_payload, { caller }) => {
      if ((await o.settings.current()).stopped)
        await o.settings.append({ type: 'runtime.started', data: {} }, caller.principal);
      return { state: 'running' };
    },
    'runtime.stop': async ({ reason }, { caller }) => {
      if (!(await o.settings.current()).stopped)
        await o.settings.append({ type: 'runtime.stopped', data: { reason } }, caller.principal);
      return { state: 'stopped' };
    },
    'runtime.status': () => runtimeStatus(o),
    'orb.palette.set': async ({ palette }, { caller }) => {
      await o.settings.append({ type: 'orb.palette_set', data: { palette } }, caller.principal);
      return {};
    },
    'orb.palette.clear': async (_payload, { caller }) => {
      await o.settings.append({ type: 'orb.palette_cleared', data: {} }, caller.principal);
      return {};
    },
    'notify.show': async ({ title, message, level }, context) => {
      const { principal } = context.caller;
      const { workspace_id, correlation_id, causation_id } = context;
      o.allowances.spend(principal, 'said', workspace_id);
      const own = principal.kind === 'agent' ? `${principal.display}: ${title}` : title;
      await showNotification(
        o.store,
        principal,
        { title: own.slice(0, 256), message, level },
        { workspace_id, actor: principal, correlation_id, causation_id },
      );
      return { shown: o.windows() > 0 };
    },
    'audit.verify': () => o.verify(),
  };
}
