import type { Principal } from '#schema/envelope/principal.ts';
import type { Authenticate } from '#host/ipc/ports.ts';
import { HobError } from '#host/kernel/errors.ts';

/** What an agent may call itself; anything else becomes `unnamed`. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

const user = (role: 'panel' | 'extension'): Principal => ({
  kind: 'user',
  id: 'user',
  display: 'you',
  role,
  proven: true,
});

/**
 * Who a connection acts for. The handshake has proved that it is a program of this user; only a
 * token proves which agent it is, without one it merely calls itself something.
 */
export const authenticator =
  (
    byToken: (
      token: string,
    ) => Promise<{ agent_id: string; display: string; delegation?: string[] }>,
  ): Authenticate =>
  async ({ role, principal_hint, token }) => {
    switch (role) {
      case 'panel':
      case 'extension':
        return user(role);
      case 'cli':
        return { kind: 'service', id: 'cli', display: 'the command line', role, proven: true };
      case 'agent': {
        if (token !== '') {
          const { agent_id, display, delegation } = await byToken(token);
          const proved = { kind: 'agent', id: agent_id, display, role, proven: true } as const;
          return delegation === undefined ? proved : { ...proved, delegation };
        }
        const name = NAME.test(principal_hint.toLowerCase())
          ? principal_hint.toLowerCase()
          : 'unnamed';
        return { kind: 'agent', id: `claimed:${name}`, display: name, role, proven: false };
      }
      case 'engine':
      case 'peer':
        throw new HobError('role_refused', {
          message: `This host does not serve the role "${role}" yet.`,
        });
    }
  };
