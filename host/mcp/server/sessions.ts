import type { JsonObject } from '#schema/envelope/json.ts';
import type { WireErrorCode } from '#schema/envelope/errors.ts';
import type { Principal, Role } from '#schema/envelope/principal.ts';
import { McpSessionContext, type McpServerOptions } from './session-context.ts';
import type { MessageConnection } from './transport.ts';

/** What the host's socket hands over; a subset of its McpConnection. */
export interface AgentConnection extends MessageConnection {
  readonly id: string;
  readonly role: Role;
  readonly principal: Principal;
  close(code: WireErrorCode, message?: string): void;
}

export interface McpSessions {
  /** Takes a connection over. */
  open(connection: AgentConnection): void;
  /** Closes every connection of an agent whose token was revoked. */
  cutOff(principalId: string): void;
}

/** Serves every connection of the channel `mcp`: one MCP session each, in the era that its client opens with. */
export function mcpSessions(options: McpServerOptions): McpSessions {
  const connections = new Set<AgentConnection>();
  const definitions = new Map<string, JsonObject>();
  return {
    cutOff(principalId) {
      for (const connection of connections) {
        if (connection.principal.id === principalId) connection.close('token_revoked');
      }
    },
    open(connection) {
      const { id, role, principal, closed } = connection;
      // Whoever comes this way is an agent, with an agent's rights: a person's own clients speak envelopes.
      if (role !== 'agent' || principal.kind !== 'agent')
        return connection.close('role_refused', 'Only agents speak MCP here.');
      connections.add(connection);
      closed.addEventListener('abort', () => connections.delete(connection), { once: true });
      options.heardOf(principal);
      const caller = { connection_id: id, role, principal, closed };
      const session = new McpSessionContext(options, caller, definitions);
      // The SDK is a third of the host's code, and most hosts start long before an agent comes.
      void import('./serve.ts').then(
        ({ serve }) => serve(connection, session),
        (failure: unknown) => {
          options.log.error('the MCP server could not be loaded', failure);
          connection.close('internal_error');
        },
      );
    },
  };
}
