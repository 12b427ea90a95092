import type { Vault } from '#host/vault/service.ts';
import type { Handlers } from '../ports.ts';

type SecretCommands = 'secret.list' | 'secret.set' | 'secret.remove';

export const secretHandlers = (vault: Vault): Pick<Handlers, SecretCommands> => ({
  'secret.list': () => vault.list(),

  'secret.set': async ({ name, value, key }, { caller }) => ({
    secret: await vault.set(name, value, key, caller.principal),
    vault: vault.view,
  }),

  'secret.remove': async ({ name }, { caller }) => ({
    removed: await vault.remove(name, caller.principal),
  }),
});
