import type { AskGate } from './gate.ts';
import { WAIT_MS } from './gate.ts';

export interface AskAsAgentOptions {
  dataDir: () => string;
  /** Proves the editor's agent; null without a host. */
  token: () => Promise<string | null>;
  workspaceId: string;
}

/**
 * Asks over a connection of its own, as the agent that the editor is: the window's connection is a person's,
 * who needs fewer answers. Closed after each question, and with it one that is cancelled is withdrawn.
 */
export const askAsAgent =
  ({ dataDir, token, workspaceId }: AskAsAgentOptions): AskGate =>
  async (request, signal) => {
    const proof = await token();
    if (proof === null) throw new Error('Hob is not connected to its host, so nothing is allowed.');
    const { openHost } = await import('#schema/client/open-host.ts');
    const client = await openHost({ role: 'agent', token: proof, dataDir: dataDir(), signal });
    try {
      const options = { workspaceId, signal, timeoutMs: WAIT_MS + 30_000 };
      return await client.request('approval.request', request, options);
    } finally {
      await client.close();
    }
  };
