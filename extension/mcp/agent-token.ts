// The token that proves to the host that an MCP session is this editor's own, instead of somebody who
// calls itself so. Kept in SecretStorage, one for each store.
import type { SecretStorage } from 'vscode';
import type { CommandInput, CommandName, CommandResult } from '#schema/commands/registry.ts';

export interface AgentTokenOptions {
  secrets: SecretStorage;
  /** Null while no host answers. */
  storeId: () => string | null;
  request: <N extends CommandName>(
    command: N,
    payload: CommandInput<N>,
  ) => Promise<CommandResult<N>>;
  /** What people read as its name. */
  display: string;
}

interface Kept {
  agent_id: string;
  token: string;
}

const NAME = 'vscode-mcp';

/** The token of this editor's agent, made on first use and again once it was revoked; null without a host. */
export async function agentToken(options: AgentTokenOptions): Promise<string | null> {
  const { secrets, storeId, request, display } = options;
  const store = storeId();
  if (store === null) return null;
  const secret = `hob.mcp.v1.${store}`;
  const kept = JSON.parse((await secrets.get(secret)) ?? 'null') as Kept | null;
  const { agents } = await request('agent.list', {});
  if (kept !== null && agents.some(({ agent_id }) => agent_id === kept.agent_id)) return kept.token;
  const { agent, token } = await request('agent.add', { name: NAME, display });
  await secrets.store(secret, JSON.stringify({ agent_id: agent.agent_id, token } satisfies Kept));
  return token;
}
