import { HobError } from '#host/kernel/errors.ts';
import type { Clock } from '#host/kernel/clock.ts';
import type { Deciders } from '#host/policy/deciders.ts';
import { revokeGrant } from '#host/policy/grants.ts';
import { grantAt } from '#host/policy/core/grant-view.ts';
import type { Gate } from '#host/policy/gate.ts';
import { grantsProjection } from '#host/policy/projections.ts';
import type { SettingsService } from '#host/policy/settings-service.ts';
import { initialSettings, type HostSettings } from '#host/policy/core/settings.ts';
import type { EventStore } from '#host/store/ports.ts';
import type { CallContext, Handlers } from '../ports.ts';
import { ownOnly } from './approval.ts';

export interface PolicyHandlersOptions {
  store: EventStore;
  clock: Clock;
  gate: Gate;
  deciders: Deciders;
  settings: SettingsService;
  workspaceFor(context: CallContext, cwd: string | undefined): string;
  /** Stops what executes when the kill switch goes on. */
  abortAll(reason: string): void;
}

type PolicyCommands =
  | 'grant.list'
  | 'grant.revoke'
  | 'policy.evaluate'
  | 'policy.kill_switch_set'
  | 'decider.enroll'
  | 'decider.list'
  | 'config.get'
  | 'config.patch';

const configResult = (settings: HostSettings) => ({
  // A store from before a setting lacks it: it is as by default.
  config: {
    ...initialSettings.values,
    ...settings.values,
    kill_switch: settings.kill_switch,
    palette: settings.palette,
  },
  version: settings.version,
});

export function policyHandlers(o: PolicyHandlersOptions): Pick<Handlers, PolicyCommands> {
  return {
    'grant.list': async ({ status, limit }, { caller }) => {
      const all = await o.store.documents(grantsProjection, {
        where: ownOnly(caller.principal),
        order: 'desc',
        limit: 1_000,
      });
      const now = o.clock.now();
      return {
        grants: all
          .map((g) => grantAt(g, now))
          .filter((g) => status.includes(g.status))
          .slice(0, limit),
      };
    },

    'grant.revoke': async ({ grant_id, reason }, { caller }) => {
      const revoked = await revokeGrant(o.store, grant_id, reason, caller.principal);
      if (revoked.length === 0) throw new HobError('not_found');
      return { revoked };
    },

    'policy.evaluate': ({ call }, context) =>
      o.gate.evaluate({
        principal: context.caller.principal,
        workspace_id: o.workspaceFor(context, call.cwd),
        call,
      }),

    'policy.kill_switch_set': async ({ on, reason, ...signed }, { caller }) => {
      const settings = await o.settings.setKillSwitch(on, reason, signed, caller.principal);
      if (settings.kill_switch) o.abortAll('kill_switch');
      return { on: settings.kill_switch };
    },

    'decider.enroll': async (payload, context) =>
      o.deciders.enroll(payload, context.caller.principal, context.workspace_id),

    'decider.list': async () => ({
      deciders: (await o.deciders.list()).map(({ status: _status, ...decider }) => decider),
    }),

    'config.get': async () => configResult(await o.settings.current()),

    'config.patch': async ({ changes, ...signed }, { caller }) =>
      configResult(await o.settings.patch(changes, signed, caller.principal)),
  };
}
