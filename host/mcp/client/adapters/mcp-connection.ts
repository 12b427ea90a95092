import {
  Client,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import type { ElicitResult, jsonSchemaValidator, Tool } from '@modelcontextprotocol/client';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { ToolDefinition } from '#schema/views/server.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { ToolAnswer } from '../core/result.ts';
import type {
  Connect,
  ConnectHooks,
  PersonsAnswer,
  SchemaCheck,
  ServerConnection,
} from '../ports.ts';
import type { Channel } from './channel.ts';
import { FORGOTTEN, httpChannel, type HttpParts } from './http-channel.ts';
import { programChannel, type ProgramParts } from './program-channel.ts';

export interface McpConnectOptions extends ProgramParts, HttpParts {
  check: SchemaCheck;
  /** Hob's version, as servers are told. */
  version: string;
}

/** Hob offers servers questions to the person, which decide nothing; no sampling and no roots. */
const capabilities = { elicitation: { form: {}, url: {} } };
const CAPABILITY_SET = JSON.stringify(capabilities);
/** A server that knows no `server/discover` should say so at once; one that says nothing is of the older era. */
const PROBE_MS = 5_000;
/** A call is ended by its signal, which knows of the time that a person needs; this is the longest timer there is. */
const NO_TIMEOUT = 2 ** 31 - 1;
/** Of one listing: more pages than that are no list. */
const LIST_PAGES = 64;

/**
 * Opens sessions with the MCP SDK. To be loaded when the first server is: as a file that names what it
 * takes of the SDK, so that the bundle has that and not the whole of it.
 */
export const mcpConnect =
  (o: McpConnectOptions): Connect =>
  async (server, hooks) => {
    const { transport } = server;
    const channel =
      transport.kind === 'http'
        ? await httpChannel(server, transport, o, hooks.login)
        : await programChannel(server, transport, o, hooks);
    const client = new Client(
      { name: 'hob', title: 'Hob', version: o.version },
      {
        capabilities,
        listMaxPages: LIST_PAGES,
        versionNegotiation: { mode: 'auto', probe: { timeoutMs: PROBE_MS } },
        jsonSchemaValidator: acceptAll,
      },
    );
    const closed = new Promise<string>((resolve) => {
      client.onclose = () => resolve(channel.reason ?? 'it closed the session');
    });
    client.onerror = () => {};
    client.setRequestHandler('elicitation/create', async ({ params }, { mcpReq }) =>
      elicited(await hooks.asked(params, mcpReq.signal)),
    );
    await open(client, channel, hooks);
    return connection(client, channel, closed, o);
  };

/** What the server is told; where nobody answered, also why. */
const elicited = (answer: PersonsAnswer): ElicitResult => {
  if (answer.action === 'accept')
    return { action: 'accept', content: answer.content as NonNullable<ElicitResult['content']> };
  return answer.action === 'decline'
    ? { action: 'decline' }
    : { action: 'cancel', _meta: { 'hob/why': answer.why } };
};

/** Ours is used instead, which obeys no regular expression of a server. */
const acceptAll: jsonSchemaValidator = {
  getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
};

async function open(client: Client, channel: Channel, { signal }: ConnectHooks) {
  const stop = (): void => void channel.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    await client.connect(channel.transport);
    signal.throwIfAborted();
  } catch (cause) {
    await channel.close();
    const known = hobErrorIn(cause);
    if (known !== null && !signal.aborted) throw known;
    throw new HobError('server_unavailable', {
      message: `It does not open a session: ${signal.aborted ? String(signal.reason) : (channel.reason ?? 'it does not speak MCP')}.`,
      cause,
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function connection(
  client: Client,
  channel: Channel,
  closed: Promise<string>,
  { check, egress }: McpConnectOptions,
): ServerConnection {
  const info = client.getServerVersion();
  const ended = (): string | null => channel.reason;
  return {
    pid: channel.pid,
    protocol: client.getNegotiatedProtocolVersion() ?? 'unknown',
    callsItself:
      info === undefined ? null : `${info.title ?? info.name} ${info.version}`.slice(0, 128),
    isolation: channel.isolation,
    capabilitySet: CAPABILITY_SET,
    closed,
    mayChangeUnseen: channel.mayChangeUnseen,
    async listTools(timeoutMs) {
      if (client.getServerCapabilities()?.tools === undefined) return [];
      try {
        return (
          await client.listTools(undefined, {
            timeout: timeoutMs,
            maxTotalTimeout: timeoutMs,
            cacheMode: 'refresh',
          })
        ).tools;
      } catch (cause) {
        throw listProblem(asHobError(cause, ended));
      }
    },
    async callTool(definition, args, { runId, signal }) {
      try {
        const options = {
          signal,
          timeout: NO_TIMEOUT,
          toolDefinition: asTool(definition),
        };
        const answer = await egress.forRun(runId, () =>
          client.callTool({ name: definition.name, arguments: args }, options),
        );
        return await checked(answer as unknown as JsonObject, definition, check);
      } catch (cause) {
        if (signal.reason instanceof HobError) throw signal.reason;
        throw asHobError(cause, ended);
      }
    },
    onToolsChanged(listener) {
      client.setNotificationHandler('notifications/tools/list_changed', listener);
    },
    close: () => channel.close(),
  };
}

/** Without an output schema: that check is ours. */
const asTool = ({ name, input_schema }: ToolDefinition): Tool =>
  ({ name, inputSchema: input_schema }) as unknown as Tool;

async function checked(
  answer: JsonObject,
  definition: ToolDefinition,
  check: SchemaCheck,
): Promise<ToolAnswer> {
  const content = Array.isArray(answer['content']) ? (answer['content'] as JsonObject[]) : [];
  const structured = answer['structuredContent'] ?? null;
  const is_error = answer['isError'] === true;
  if (definition.output_schema !== undefined && !is_error) {
    const problem =
      structured === null
        ? 'it gives no data, and promises some'
        : await check(definition.output_schema, structured);
    if (problem !== null)
      throw new HobError('tool_result_invalid', {
        message: `The tool answered with something else than it promises: ${problem.slice(0, 300)}`,
      });
  }
  return { content, structured, is_error };
}

/** What the SDK throws, as something a person can act on. */
function asHobError(cause: unknown, ended: () => string | null): HobError {
  const reason = ended();
  if (reason === FORGOTTEN) return new HobError('server_session_lost', { cause });
  const known = hobErrorIn(cause);
  if (known !== null) return known;
  if (reason !== null)
    return new HobError(reason.includes('MiB') ? 'server_limit' : 'server_unavailable', {
      message: `The server is gone: ${reason}. The call may have had an effect.`,
      cause,
    });
  if (cause instanceof SdkError && cause.code === SdkErrorCode.RequestTimeout)
    return new HobError('tool_timeout', { cause });
  if (cause instanceof SdkError && cause.code === SdkErrorCode.InvalidResult)
    return new HobError('tool_result_invalid', { cause });
  const message = cause instanceof Error ? cause.message.slice(0, 500) : 'it did not say why';
  if (cause instanceof ProtocolError)
    return new HobError('tool_failed', {
      message: `The server refused the call: ${message}`,
      cause,
    });
  return new HobError('tool_result_invalid', { cause });
}

/** No tool was called yet, so nothing may have happened. */
const listProblem = (problem: HobError): HobError =>
  problem.code === 'tool_timeout'
    ? new HobError('server_unavailable', {
        message: 'The server does not say which tools it has.',
        cause: problem,
      })
    : problem;

/** Ours, wherever the SDK has wrapped it in. */
function hobErrorIn(cause: unknown): HobError | null {
  for (let error = cause, depth = 0; error instanceof Error && depth < 8; depth += 1) {
    if (error instanceof HobError) return error;
    if (error instanceof UnauthorizedError)
      return new HobError('server_unauthorized', { cause: error });
    if (error instanceof SdkHttpError) return httpProblem(error);
    error = error.cause;
  }
  return null;
}

function httpProblem(error: SdkHttpError): HobError {
  const { status } = error;
  if (status === 401 || status === 403)
    return new HobError('server_unauthorized', { cause: error });
  return new HobError(status === 429 || status >= 500 ? 'server_unavailable' : 'tool_failed', {
    message: `The server answered with status ${status}.`,
    cause: error,
  });
}
