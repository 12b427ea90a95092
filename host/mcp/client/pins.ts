import { DEFAULT_WORKSPACE } from '#schema/envelope/ids.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { RunView } from '#schema/views/run.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import { lineDiff } from '#host/kernel/line-diff.ts';
import type { Gate } from '#host/policy/gate.ts';
import { hostPrincipal } from '#host/policy/approvals/service.ts';
import { approvalsProjection } from '#host/policy/projections.ts';
import type { EventContext, EventStore } from '#host/store/ports.ts';
import { admitted, pinText, readable } from './core/definition.ts';
import { decideListing } from './core/decide-listing.ts';
import {
  pinsText,
  type KnownTool,
  type PinnedTool,
  type ServerRecord,
} from './core/server-record.ts';
import { serversProjection, sha256 } from './projections.ts';

export interface PinsOptions {
  store: EventStore;
  ids: IdSource;
  gate: Pick<Gate, 'submit' | 'cancel'>;
}

/** Of all diffs on one card; the wire's own limit for a call's diff is 262,144. */
const DIFF_CHARACTERS = 200_000;

export const serverStream = (server_id: string) => ({
  stream_type: 'server',
  stream_id: server_id,
});

/** True when the stored pins are those that were stored: a tool of a server whose pins are not is never called. */
export const pinsIntact = (server: ServerRecord): boolean =>
  typeof server.pins_digest === 'string' && sha256(pinsText(server.tools)) === server.pins_digest;

/** Tools of a raw listing with their pins, and how many are left out. */
export function pinned(tools: readonly unknown[]): { tools: PinnedTool[]; left_out: number } {
  const { definitions, left_out } = admitted(tools);
  return {
    tools: definitions.map((definition) => ({ sha256: sha256(pinText(definition)), definition })),
    left_out,
  };
}

/** What changed of a tool since it was accepted, for people. */
export const toolDiff = (server: string, { pinned: was, quarantined: now }: KnownTool): string =>
  now === null
    ? ''
    : lineDiff(
        `${server}/${now.definition.name}`,
        was === null ? null : readable(was.definition),
        readable(now.definition),
      );

/** Which tools of a server may be called, and the questions about those that changed. */
export class Pins {
  readonly #o: PinsOptions;

  constructor(options: PinsOptions) {
    this.#o = options;
  }

  /** Takes a listing in. Asks a person when something of it is quarantined that was not before. */
  async take(
    server_id: string,
    capability_set: string,
    listing: { tools: PinnedTool[]; left_out: number },
  ): Promise<void> {
    const quarantined = await this.#o.store.transact(async (tx) => {
      const server = await tx.document(serversProjection, server_id);
      if (server === null || server.status !== 'active') throw new HobError('server_unknown');
      if (!pinsIntact(server)) throw new HobError('pins_corrupt');
      const events = decideListing(server, { capability_set, ...listing });
      if (events.length > 0)
        await tx.append(
          serverStream(server_id),
          'any',
          events,
          contextOf(hostPrincipal, server_id),
        );
      return events.some((event) => event.type === 'server.tool_quarantined');
    });
    if (quarantined) await this.ask(server_id);
  }

  /** One question about everything of this server that is quarantined; one that waits already is replaced. */
  async ask(server_id: string): Promise<RunView | null> {
    const server = await this.#read(server_id);
    await this.#withdraw(server_id);
    const waiting = Object.values(server.tools ?? {}).filter((tool) => tool.quarantined !== null);
    if (waiting.length === 0) return null;
    const tools = waiting.map(({ pinned: was, quarantined: now }) => ({
      name: now?.definition.name ?? '',
      was_sha256: was?.sha256 ?? null,
      now_sha256: now?.sha256 ?? '',
    }));
    const diff = waiting.map((tool) => toolDiff(server.name, tool)).join('');
    return this.#o.gate.submit({
      principal: hostPrincipal,
      workspace_id: DEFAULT_WORKSPACE,
      call: {
        action: 'server.pin',
        tool: 'server.pin',
        diff:
          diff.length <= DIFF_CHARACTERS
            ? diff
            : `${diff.slice(0, DIFF_CHARACTERS)}\n… ${diff.length - DIFF_CHARACTERS} more characters, not shown: say no`,
        arguments: { server_id, server: server.name, tools },
      },
      trigger: { kind: 'command', ref: server_id },
      runner: 'internal',
      task: null,
      correlation_id: server_id,
      causation_id: null,
      dedupe_key: null,
      idempotency_key: null,
      connection_id: '',
      waits: true,
    });
  }

  /** Carries out a yes: exactly the texts that were shown. Throws `arguments_changed` when one of them changed since. */
  async accept(args: JsonObject, run: RunView): Promise<JsonObject> {
    const { server_id, tools } = args as unknown as {
      server_id: string;
      tools: { name: string; now_sha256: string }[];
    };
    await this.#o.store.transact(async (tx) => {
      const server = await tx.document(serversProjection, server_id);
      if (server === null || server.status !== 'active') throw new HobError('server_unknown');
      if (!pinsIntact(server)) throw new HobError('pins_corrupt');
      const events = tools.map(({ name, now_sha256 }): DomainEvent => {
        if (server.tools?.[name]?.quarantined?.sha256 !== now_sha256)
          throw new HobError('arguments_changed', {
            message: `The tool "${name}" changed again since it was shown.`,
          });
        const { approval_id } = run;
        return {
          type: 'server.tool_accepted',
          data: { server_id, server: server.name, name, sha256: now_sha256, approval_id },
        };
      });
      await tx.append(serverStream(server_id), 'any', events, {
        ...contextOf(run.principal, server_id),
        causation_id: run.run_id,
      });
    });
    return { accepted: tools.map(({ name }) => name) };
  }

  /** Withdraws what is asked about a server. */
  async withdraw(server_id: string): Promise<void> {
    await this.#withdraw(server_id);
  }

  async #withdraw(server_id: string): Promise<void> {
    const open = await this.#o.store.documents(approvalsProjection, {
      where: { status: ['pending', 'held'] },
      limit: 10_000,
    });
    const about = open.filter(
      ({ call }) => call.action === 'server.pin' && call.arguments['server_id'] === server_id,
    );
    for (const { run_id } of about)
      if (run_id !== null) await this.#o.gate.cancel(run_id, hostPrincipal, 'asked anew');
  }

  async #read(server_id: string): Promise<ServerRecord> {
    const server = await this.#o.store.document(serversProjection, server_id);
    if (server === null || server.status !== 'active') throw new HobError('server_unknown');
    return server;
  }
}

export const contextOf = (actor: Principal, server_id: string): EventContext => ({
  workspace_id: DEFAULT_WORKSPACE,
  actor,
  correlation_id: server_id,
  causation_id: null,
});
