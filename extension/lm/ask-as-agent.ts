import type { HostClient } from '#schema/client/host-client.ts';
import type { AskGate } from './gate.ts';
import { WAIT_MS } from './gate.ts';

export interface AsAgentOptions {
  dataDir: () => string;
  /** Proves the editor's agent; null without a host. */
  token: () => Promise<string | null>;
  workspaceId: string;
}

/** Speaks to the host as the editor's agent. */
export type AsAgent = <R>(
  use: (client: HostClient, options: { workspaceId: string; signal: AbortSignal }) => Promise<R>,
  signal: AbortSignal,
) => Promise<R>;

/**
 * Speaks over a connection of its own, as the agent that the editor is: the window's connection is a person's,
 * who needs fewer answers. Closed after each use, and with it a question that is cancelled is withdrawn.
 */
export const asAgent =
  ({ dataDir, token, workspaceId }: AsAgentOptions): AsAgent =>
  async (use, signal) => {
    const proof = await token();
    if (proof === null) throw new Error('Hob is not connected to its host, so nothing is allowed.');
    const { openHost } = await import('#schema/client/open-host.ts');
    const client = await openHost({ role: 'agent', token: proof, dataDir: dataDir(), signal });
    try {
      return await use(client, { workspaceId, signal });
    } finally {
      await client.close();
    }
  };

export const gateOf =
  (as: AsAgent): AskGate =>
  (request, aborted) =>
    as((client, { workspaceId, signal }) => {
      const options = { workspaceId, signal, timeoutMs: WAIT_MS + 30_000 };
      return client.request('approval.request', request, options);
    }, aborted);
