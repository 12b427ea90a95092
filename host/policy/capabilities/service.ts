import type { Principal } from '#schema/envelope/principal.ts';
import { DEFAULT_WORKSPACE } from '#schema/envelope/ids.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import {
  capabilityScopeSchema,
  type CapabilityScope,
  type CapabilityView,
} from '#schema/views/capability.ts';
import type { RunView } from '#schema/views/run.ts';
import { canonicalJson } from '#schema/envelope/canonical.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { EventContext, EventStore, StoreReader, StoreTransaction } from '#host/store/ports.ts';
import { isWithin, widened, type ScopeRequest } from '../core/capability.ts';
import type { Gate } from '../gate.ts';
import { capabilitiesProjection } from '../projections.ts';
import { lineLimit } from './limit.ts';

export interface CapabilitiesOptions {
  store: EventStore;
  ids: IdSource;
  gate: Pick<Gate, 'submit' | 'settled'>;
}

/** A request for more, as its card shows it: what the token is good for now, and after a yes. */
interface Widening {
  readonly grant_id: string;
  readonly now: CapabilityScope;
  readonly becomes: CapabilityScope;
}

/** A connection that asks for more. */
export interface WideningCaller {
  readonly principal: Principal;
  readonly workspace_id: string;
  readonly connection_id: string;
  readonly correlation_id: string;
  readonly causation_id: string | null;
  readonly closed: AbortSignal;
}

/** The call that asks a person to widen a token; its arguments are a Widening. */
const TOOL = 'capability.grant';
/** A line of delegation this long is a loop or an attack. */
const MAX_LINE = 8;

/** The grants behind tokens: made with an agent, handed down narrower, widened by approval, ended with their parent. */
export class Capabilities {
  readonly #o: CapabilitiesOptions;

  constructor(options: CapabilitiesOptions) {
    this.#o = options;
  }

  /** Grants that count, of these agents. */
  async of(agentIds: readonly string[]): Promise<ReadonlyMap<string, CapabilityView>> {
    const found = await this.#o.store.documents(capabilitiesProjection, {
      where: { agent_id: agentIds, status: 'active' },
      limit: 10_000,
    });
    return new Map(found.map((capability) => [capability.agent_id, capability]));
  }

  /**
   * Makes the grant of a new agent's token, in the transaction that adds the agent. `parent` is the
   * delegation of an agent that hands a part of its own down; throws `capability_exceeded` then.
   */
  async create(
    tx: StoreTransaction,
    agentId: string,
    scope: CapabilityScope,
    parent: readonly string[],
    by: Principal,
  ): Promise<CapabilityView> {
    if (parent.length > 0) {
      const limit = await lineLimit(tx, parent);
      if (!limit.alive || parent.length >= MAX_LINE || !isWithin(scope, limit))
        throw new HobError('capability_exceeded');
    }
    const grant_id = this.#o.ids.domain('grant');
    const delegation = [...parent, grant_id];
    return this.#append(tx, { grant_id, agent_id: agentId, scope, delegation }, null, by);
  }

  /** Ends a grant and all that were handed down from it. Gives the agents that lost their token. */
  async revoke(agentId: string, reason: string, by: Principal): Promise<string[]> {
    return this.#o.store.transact(async (tx) => {
      const all = await tx.documents(capabilitiesProjection, {
        where: { status: 'active' },
        limit: 100_000,
      });
      const own = all.filter(({ agent_id }) => agent_id === agentId).map((c) => c.grant_id);
      const dead = all.filter(({ delegation }) => delegation.some((id) => own.includes(id)));
      for (const { grant_id, agent_id } of dead)
        await tx.append(
          stream(grant_id),
          'any',
          [{ type: 'capability.revoked', data: { grant_id, agent_id, reason } }],
          contextOf(by, grant_id),
        );
      return dead.map(({ agent_id }) => agent_id);
    });
  }

  /** Asks a person for more, and waits as long as the caller does. */
  async request(
    more: ScopeRequest,
    why: string,
    waitMs: number,
    caller: WideningCaller,
  ): Promise<{ run: RunView; capability: CapabilityView }> {
    const own = await this.#own(this.#o.store, caller.principal);
    const becomes = widened(own.scope, more);
    await this.#checkParent(this.#o.store, own, becomes);
    const asked: Widening = { grant_id: own.grant_id, now: own.scope, becomes };
    const { principal, workspace_id, connection_id, correlation_id, causation_id } = caller;
    const run = await this.#o.gate.submit({
      principal,
      workspace_id,
      connection_id,
      correlation_id,
      causation_id,
      call: { action: 'capability.grant', tool: TOOL, arguments: plain(asked) },
      trigger: { kind: 'command', ref: own.grant_id },
      runner: 'internal',
      task: why,
      dedupe_key: null,
      idempotency_key: null,
    });
    const settled = await this.#o.gate.settled(run.run_id, waitMs, caller.closed);
    return { run: settled, capability: await this.#own(this.#o.store, principal) };
  }

  /** Carries out an approved request, with exactly what was shown. Throws `arguments_changed` where the grant moved on. */
  async applyApproved(args: JsonObject, run: RunView): Promise<JsonObject> {
    const becomes = capabilityScopeSchema.parse(args['becomes']);
    const after = await this.#o.store.transact(async (tx) => {
      const own = await this.#own(tx, run.principal);
      const isSame =
        own.grant_id === args['grant_id'] &&
        canonicalJson(plain(own.scope)) === canonicalJson(args['now'] as JsonObject);
      if (!isSame || run.approval_id === null) throw new HobError('arguments_changed');
      await this.#checkParent(tx, own, becomes);
      return this.#append(tx, { ...own, scope: becomes }, run.approval_id, run.principal);
    });
    return { grant_id: after.grant_id };
  }

  /** The caller's own grant. Throws `token_revoked` for who has none. */
  async #own(reader: StoreReader, { delegation = [] }: Principal): Promise<CapabilityView> {
    const own = await reader.document(capabilitiesProjection, delegation.at(-1) ?? '');
    if (own === null || own.status === 'revoked') throw new HobError('token_revoked');
    return own;
  }

  async #checkParent(
    reader: StoreReader,
    { delegation }: CapabilityView,
    scope: CapabilityScope,
  ): Promise<void> {
    const parent = delegation.slice(0, -1);
    if (parent.length > 0 && !isWithin(scope, await lineLimit(reader, parent)))
      throw new HobError('capability_exceeded');
  }

  async #append(
    tx: StoreTransaction,
    {
      grant_id,
      agent_id,
      scope,
      delegation,
    }: Omit<CapabilityView, 'status' | 'created_at' | 'approval_id'>,
    approval_id: string | null,
    by: Principal,
  ): Promise<CapabilityView> {
    const granted: DomainEvent = {
      type: 'capability.granted',
      data: { grant_id, agent_id, scope, delegation, approval_id },
    };
    await tx.append(stream(grant_id), 'any', [granted], contextOf(by, grant_id));
    const made = await tx.document(capabilitiesProjection, grant_id);
    if (made === null) throw new HobError('internal_error');
    return made;
  }
}

const stream = (grantId: string) => ({ stream_type: 'capability', stream_id: grantId });

const contextOf = (by: Principal, grantId: string): EventContext => ({
  workspace_id: DEFAULT_WORKSPACE,
  actor: by,
  correlation_id: grantId,
  causation_id: null,
});

const plain = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;
