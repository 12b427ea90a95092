import { findCommand, type CommandName } from '#schema/commands/registry.ts';
import type { RequestEnvelope, ResponseEnvelope } from '#schema/envelope/envelope.ts';
import { DEFAULT_WORKSPACE } from '#schema/envelope/ids.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import { limits } from '#schema/envelope/limits.ts';
import { CONTRACT_VERSION, SUPPORTED_VERSIONS } from '#schema/envelope/version.ts';
import { isObject, isUuid, requestProblem } from '#schema/wire/check-envelope.ts';
import { HobError, toWireError } from '#host/kernel/errors.ts';
import type { Log } from '#host/kernel/log.ts';
import type { Idempotency } from './idempotency.ts';
import type { CallContext, Caller, Handlers } from './ports.ts';
import { describeIssues } from './describe-issues.ts';

/**
 * Answers one decoded frame of `bytes` length. Never rejects: what goes wrong is in the response.
 */
export type Dispatch = (value: unknown, bytes: number, caller: Caller) => Promise<ResponseEnvelope>;

export interface DispatchOptions {
  handlers: Handlers;
  idempotency: Idempotency;
  log: Log;
  /** True once the host ends: only what helps it to end is let in. */
  draining(): boolean;
}

/** Still answered while the host drains, besides everything that only reads. */
const whileDraining: ReadonlySet<string> = new Set<CommandName>([
  'host.shutdown',
  'toolcall.succeed',
  'toolcall.fail',
  'run.cancel',
  'client.context_set',
]);

/** Remembering the answer, or a hash of the question, would put a secret into the store. */
const neverRemembered: ReadonlySet<string> = new Set<CommandName>([
  'agent.add',
  'secret.set',
  'vault.unlock',
  'vault.enter_passphrase',
  'capability.delegate',
]);

/** The one way into the host: envelope → version → command → role → payload → handler. */
export function createDispatch(options: DispatchOptions): Dispatch {
  return async (value, bytes, caller) => {
    try {
      const request = readRequest(value, bytes);
      const payload = await run(request, caller, options);
      return { v: CONTRACT_VERSION, request_id: request.request_id, ok: true, payload };
    } catch (failure) {
      if (!(failure instanceof HobError)) {
        options.log.error('a handler failed', failure, { command: commandOf(value) });
      }
      const requestId = isObject(value) && isUuid(value['request_id']) ? value['request_id'] : null;
      return { v: CONTRACT_VERSION, request_id: requestId, ok: false, error: toWireError(failure) };
    }
  };
}

function readRequest(value: unknown, bytes: number): RequestEnvelope {
  if (isObject(value) && typeof value['v'] === 'number' && value['v'] !== CONTRACT_VERSION) {
    throw new HobError('unsupported_version', { details: { supported: [...SUPPORTED_VERSIONS] } });
  }
  const problem = requestProblem(value);
  if (problem !== null) {
    throw new HobError('bad_request', {
      message: `${problem.path || 'The request'} ${problem.message}.`,
      details: { issues: [problem] },
    });
  }
  const request = value as RequestEnvelope;
  if (
    bytes > limits.payloadBytes &&
    Buffer.byteLength(JSON.stringify(request.payload)) > limits.payloadBytes
  ) {
    throw new HobError('payload_too_large', { details: { limit: limits.payloadBytes } });
  }
  return request;
}

function run(
  request: RequestEnvelope,
  caller: Caller,
  options: DispatchOptions,
): Promise<JsonObject> {
  const row = findCommand(request.command);
  if (row === undefined)
    throw new HobError('unknown_command', { details: { command: request.command } });
  if (!row.roles.includes(caller.role))
    throw new HobError('role_refused', {
      details: { command: row.name, role: caller.role, roles: [...row.roles] },
    });
  if (row.action !== 'read' && options.draining() && !whileDraining.has(row.name))
    throw new HobError('host_draining');
  const payload = row.payload.safeParse(request.payload);
  if (!payload.success) {
    const issues = describeIssues(payload.error);
    const first = issues[0];
    throw new HobError('invalid_payload', {
      ...(first === undefined
        ? {}
        : { message: `${first.path || 'The payload'}: ${first.message}` }),
      details: { issues: issues.map((issue) => ({ ...issue })) },
    });
  }
  const handler = options.handlers[row.name] as (
    payload: unknown,
    context: CallContext,
  ) => Promise<JsonObject>;
  const execute = (): Promise<JsonObject> => handler(payload.data, contextOf(request, caller));
  const key = row.action === 'read' ? undefined : request.idempotency_key;
  if (key === undefined) return execute();
  const call = {
    principalId: caller.principal.id,
    command: row.name,
    key,
    content: contentOf(request),
    remember: !neverRemembered.has(row.name),
  };
  return options.idempotency.once(call, execute);
}

function contextOf(request: RequestEnvelope, caller: Caller): CallContext {
  return {
    caller,
    request_id: request.request_id,
    workspace_id: request.workspace_id ?? DEFAULT_WORKSPACE,
    correlation_id: request.correlation_id ?? request.request_id,
    causation_id: request.causation_id ?? null,
    idempotency_key: request.idempotency_key ?? null,
  };
}

/** What must be equal for two requests with one idempotency key to be the same. */
const contentOf = (request: RequestEnvelope): JsonObject => ({
  workspace_id: request.workspace_id ?? DEFAULT_WORKSPACE,
  payload: request.payload,
});

const commandOf = (value: unknown): string =>
  isObject(value) && typeof value['command'] === 'string' ? value['command'].slice(0, 64) : '';
