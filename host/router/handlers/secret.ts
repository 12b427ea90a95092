import type { Vault } from '#host/vault/service.ts';
import type { Handlers } from '../ports.ts';

type SecretCommands =
  | 'secret.list'
  | 'secret.set'
  | 'secret.remove'
  | 'vault.new_key'
  | 'vault.unlock'
  | 'vault.enter_passphrase';

export const secretHandlers = (vault: Vault): Pick<Handlers, SecretCommands> => ({
  'secret.list': () => vault.list(),

  'secret.set': async ({ name, value, ...how }, { caller }) => ({
    secret: await vault.set(name, value, how, caller.principal),
    vault: vault.view,
  }),

  'vault.new_key': async () => ({ key: await vault.newKey() }),

  'vault.unlock': async ({ key }) => ({ vault: await vault.unlock('editor', key) }),

  'vault.enter_passphrase': async ({ passphrase }) => ({
    vault: await vault.unlock('passphrase', passphrase),
  }),

  'secret.remove': async ({ name }, { caller }) => ({
    removed: await vault.remove(name, caller.principal),
  }),
});
