import { createHash } from 'node:crypto';
import type { Principal } from '#schema/envelope/principal.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import { DEFAULT_WORKSPACE } from '#schema/envelope/ids.ts';
import type { AgentView } from '#schema/views/agent.ts';
import { isHookedAgent } from '#schema/views/hooked-agents.ts';
import type { CapabilityScope } from '#schema/views/capability.ts';
import type { Capabilities } from '#host/policy/capabilities/service.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Log } from '#host/kernel/log.ts';
import type { EventContext, EventStore, StoreTransaction } from '#host/store/ports.ts';
import { agentsProjection, agentView, type AgentRecord } from './agent.ts';

export interface AgentRegistryOptions {
  store: EventStore;
  clock: Clock;
  ids: IdSource;
  log: Log;
  /** Human names of the agents that Hob can connect. */
  displayOf: (name: string) => string;
  capabilities: Pick<Capabilities, 'create' | 'of'>;
}

export interface NewAgent {
  readonly name: string;
  readonly display: string | undefined;
  readonly scope: CapabilityScope;
  /** Empty for an agent that a person adds. */
  readonly parent: readonly string[];
}

/** A heartbeat is stored at most this often for each agent and way. */
const HEARTBEAT_MS = 60_000;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const agentStream = (agent_id: string) => ({ stream_type: 'agent', stream_id: agent_id });

/** Which agents Hob knows: their tokens, when they were last heard, what is covered. */
export class AgentRegistry {
  readonly #o: AgentRegistryOptions;
  readonly #heard = new Map<string, number>();

  constructor(options: AgentRegistryOptions) {
    this.#o = options;
  }

  async list(): Promise<AgentView[]> {
    const agents = await this.#o.store.documents(agentsProjection, {
      where: { status: 'active' },
      limit: 1_000,
    });
    const capabilities = await this.#o.capabilities.of(agents.map(({ agent_id }) => agent_id));
    return agents.map((agent) => ({
      ...agentView(agent),
      capability: capabilities.get(agent.agent_id) ?? null,
    }));
  }

  async get(agentId: string): Promise<AgentRecord> {
    const agent = await this.#o.store.document(agentsProjection, agentId);
    if (agent === null) throw new HobError('not_found');
    return agent;
  }

  /** The active agent with this token, and the grants behind it. Throws `token_revoked`. */
  async byToken(token: string): Promise<AgentRecord & { delegation?: string[] }> {
    const found = await this.#o.store.documents(agentsProjection, {
      where: { token_hash: sha256(token), status: 'active' },
      limit: 1,
    });
    const agent = found[0];
    if (agent === undefined) throw new HobError('token_revoked');
    const capability = (await this.#o.capabilities.of([agent.agent_id])).get(agent.agent_id);
    // Tokens from before there were grants have none.
    return capability === undefined ? agent : { ...agent, delegation: capability.delegation };
  }

  /**
   * Makes an agent known, or takes the one of this name that has no token yet, and gives it a token
   * that is shown once; only its hash is stored. `parent` is the delegation of an agent that hands a
   * part of its own token down. Throws `name_taken`, `capability_exceeded`.
   */
  async add(
    { name, display, scope, parent }: NewAgent,
    by: Principal,
  ): Promise<{ agent: AgentView; token: string }> {
    const token = `hob_${this.#o.ids.secret(32)}`;
    const agent = await this.#o.store.transact(async (tx) => {
      const known = await this.#byName(tx, name);
      // People may have two of one name, told apart by id; an agent must not pass one off as another.
      if (parent.length > 0 && (known !== null || isHookedAgent(name)))
        throw new HobError('name_taken');
      const { agent_id } =
        known === null || known.token_sha256 !== null
          ? await this.#add(tx, name, display ?? this.#o.displayOf(name), sha256(token), by)
          : await this.#issue(tx, known.agent_id, sha256(token), by);
      const capability = await this.#o.capabilities.create(tx, agent_id, scope, parent, by);
      return { ...agentView(await this.#read(tx, agent_id)), capability };
    });
    return { agent, token };
  }

  /** The agent of this name, made known without a token when it is new. */
  async ensure(name: string, by: Principal): Promise<AgentRecord> {
    return this.#o.store.transact(
      async (tx) =>
        (await this.#byName(tx, name)) ?? this.#add(tx, name, this.#o.displayOf(name), null, by),
    );
  }

  /** Notes that an agent spoke, by its hook or over MCP. Never throws: a heartbeat must not stop a call. */
  async heard(principal: Principal, via: 'hook' | 'mcp'): Promise<void> {
    const name = principal.id.startsWith('claimed:') ? principal.id.slice('claimed:'.length) : null;
    const key = `${principal.id}/${via}`;
    const now = this.#o.clock.monotonic();
    if (principal.kind !== 'agent' || now - (this.#heard.get(key) ?? -Infinity) < HEARTBEAT_MS)
      return;
    this.#heard.set(key, now);
    try {
      const agent =
        name === null ? await this.get(principal.id) : await this.ensure(name, principal);
      await this.record(
        agent.agent_id,
        [{ type: 'agent.seen', data: { agent_id: agent.agent_id, via } }],
        principal,
      );
    } catch (failure) {
      this.#o.log.warn('a heartbeat could not be stored', { cause: String(failure) });
      this.#heard.delete(key);
    }
  }

  /** Appends to an agent's stream and gives what it is then. */
  async record(
    agentId: string,
    events: readonly DomainEvent[],
    by: Principal,
  ): Promise<AgentRecord> {
    return this.#o.store.transact(async (tx) => {
      await tx.append(agentStream(agentId), 'any', events, this.#context(by, agentId));
      return this.#read(tx, agentId);
    });
  }

  async revoke(agentId: string, reason: string, by: Principal): Promise<AgentView> {
    const agent = await this.get(agentId);
    if (agent.status === 'revoked') return agentView(agent);
    return agentView(
      await this.record(
        agentId,
        [{ type: 'agent.revoked', data: { agent_id: agentId, reason } }],
        by,
      ),
    );
  }

  async #issue(
    tx: StoreTransaction,
    agentId: string,
    token_sha256: string,
    by: Principal,
  ): Promise<AgentRecord> {
    const issued: DomainEvent = {
      type: 'agent.token_issued',
      data: { agent_id: agentId, token_sha256 },
    };
    await tx.append(agentStream(agentId), 'any', [issued], this.#context(by, agentId));
    return this.#read(tx, agentId);
  }

  async #add(
    tx: StoreTransaction,
    name: string,
    display: string,
    token_sha256: string | null,
    by: Principal,
  ): Promise<AgentRecord> {
    const agent_id = this.#o.ids.domain('agent');
    const added: DomainEvent = {
      type: 'agent.added',
      data: { agent_id, name, display, token_sha256 },
    };
    await tx.append(agentStream(agent_id), 'no_stream', [added], this.#context(by, agent_id));
    return this.#read(tx, agent_id);
  }

  async #byName(tx: StoreTransaction, name: string): Promise<AgentRecord | null> {
    const found = await tx.documents(agentsProjection, {
      where: { name, status: 'active' },
      limit: 1,
    });
    return found[0] ?? null;
  }

  async #read(tx: StoreTransaction, agentId: string): Promise<AgentRecord> {
    const agent = await tx.document(agentsProjection, agentId);
    if (agent === null) throw new HobError('not_found');
    return agent;
  }

  #context(by: Principal, agentId: string): EventContext {
    return {
      workspace_id: DEFAULT_WORKSPACE,
      actor: by,
      correlation_id: agentId,
      causation_id: null,
    };
  }
}
