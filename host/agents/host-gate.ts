import { HostCallError } from '#schema/client/errors.ts';
import { findHost } from '#schema/client/find-host.ts';
import { connectHost, type HostClient } from '#schema/client/host-client.ts';
import type { CommandResult } from '#schema/commands/registry.ts';
import type { HookOutcome, HookRequest } from './core/hook-request.ts';
import type { GatePort } from './ports.ts';

export interface HostGateOptions {
  readonly dataDir: string;
  /** What the hook may wait for an answer. The question is withdrawn when this process goes. */
  readonly waitMs: number;
}

/**
 * Asks the host that runs on a data directory. It never starts one: without an editor nobody could
 * answer, and a hook that waits for a start-up is a hook that gets killed.
 */
export class HostGate implements GatePort {
  readonly #o: HostGateOptions;

  constructor(options: HostGateOptions) {
    this.#o = options;
  }

  async ask(
    request: HookRequest,
    signal: AbortSignal,
  ): Promise<HookOutcome & { approval_id?: string }> {
    const found = await findHost({ dataDir: this.#o.dataDir });
    if (found === null) throw new Error('no host runs on this data directory');
    const { endpoint, key } = found;
    const client = await connectHost({
      address: endpoint.address,
      key,
      role: 'agent',
      principalHint: request.agent,
    });
    // Closing the connection is what withdraws the question.
    signal.addEventListener('abort', () => void client.close());
    try {
      return outcomeOf(await this.#request(client, request, signal));
    } catch (failure) {
      // The host's own refusal (store full, call too large) says more than "could not be asked".
      if (failure instanceof HostCallError) return { decision: 'deny', reason: failure.message };
      throw failure;
    } finally {
      await client.close();
    }
  }

  #request(
    client: HostClient,
    request: HookRequest,
    signal: AbortSignal,
  ): Promise<CommandResult<'approval.request'>> {
    const { call, dedupe_key } = request;
    const payload = {
      call,
      dedupe_key,
      wait_ms: this.#o.waitMs,
      cancel_on_disconnect: true,
      via: 'hook',
    } as const;
    return client.request('approval.request', payload, { signal });
  }
}

function outcomeOf({
  decision,
  reason_code,
  reason,
  approval_id,
}: CommandResult<'approval.request'>): HookOutcome & { approval_id?: string } {
  const id = approval_id === null ? {} : { approval_id };
  if (decision === 'pending') return { decision: 'deny', reason: NOT_IN_TIME, ...id };
  // The stored sentence speaks to the person; the agent is somebody else.
  const said = reason_code === 'denied_by_person' ? 'The user said no to this call.' : reason;
  return { decision, reason: said, ...id };
}

const NOT_IN_TIME = 'Nobody answered in time, so this call was stopped.';
