import { openMemoryStore } from '#host/store/adapters/memory/store.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { CallContext, Handlers } from '#host/router/ports.ts';
import type { Compose, HostCore } from '#host/runtime/ports.ts';

/**
 * A core with a store in memory and only enough handlers to test what lies in front of it: the
 * palette appends an event, everything else fails. `state` shows what was asked of it.
 */
export function testCore(state: TestCoreState = newTestCoreState()): Compose {
  return async (options) => {
    const store = openMemoryStore({ ...options, projections: [], knownSecrets: () => [] });
    state.store = store;
    const append = (
      type: 'orb.palette_set',
      palette: Record<string, string>,
      context: CallContext,
    ) =>
      store.transact((tx) =>
        tx.append({ stream_type: 'orb', stream_id: 'host' }, 'any', [{ type, data: { palette } }], {
          workspace_id: context.workspace_id,
          actor: context.caller.principal,
          correlation_id: context.correlation_id,
          causation_id: context.causation_id,
        }),
      );
    const handlers = {
      'orb.palette.set': async (
        payload: { palette: Record<string, string> },
        context: CallContext,
      ) => {
        state.executed += 1;
        await append('orb.palette_set', payload.palette, context);
        return {};
      },
      'orb.palette.clear': async () => {
        await state.hold;
        return {};
      },
      'agent.add': async () => ({ agent: {}, token: `secret-${(state.executed += 1)}` }),
      'config.get': async () => {
        throw new Error('a defect with a secret in its message');
      },
    } as unknown as Handlers;
    return {
      handlers,
      store,
      storeSchema: 1,
      mcpSessions: {
        open: (connection) =>
          connection.onMessage(
            (message) =>
              void connection.send({
                jsonrpc: '2.0',
                id: message['id'] ?? null,
                result: { echo: message, who: connection.principal.display },
              }),
          ),
      },
      authenticate: async ({ role, principal_hint, token }) => {
        if (token === 'revoked') throw new HobError('token_revoked');
        const id = role === 'agent' ? `claimed:${principal_hint}` : role;
        return {
          kind: role === 'agent' ? 'agent' : 'user',
          id,
          display: principal_hint || role,
          role,
          proven: token !== '',
        };
      },
      visibleTo: (principal, event) =>
        principal.kind !== 'agent' || event.actor.id === principal.id,
      connectionOpened: (connection) => state.opened.push(connection.id),
      connectionClosed: (connection) => state.closed.push(connection.id),
      executing: () => state.executing,
      drain: () => (state.drained = true),
      dispose: async (reason) => {
        state.disposed = reason;
        await store.close();
      },
    };
  };
}

export interface TestCoreState {
  store: HostCore['store'] | null;
  executed: number;
  executing: number;
  opened: string[];
  closed: string[];
  drained: boolean;
  disposed: string | null;
  /** `orb.palette.clear` answers when this resolves. */
  hold: Promise<void>;
}

export const newTestCoreState = (): TestCoreState => ({
  store: null,
  executed: 0,
  executing: 0,
  opened: [],
  closed: [],
  drained: false,
  disposed: null,
  hold: Promise.resolve(),
});
