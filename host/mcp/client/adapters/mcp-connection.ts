import { Client, ProtocolError, SdkError, SdkErrorCode } from '@modelcontextprotocol/client';
import type { jsonSchemaValidator, Tool } from '@modelcontextprotocol/client';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { StdioServer, ToolDefinition } from '#schema/views/server.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { serverEnvironment } from '../core/environment.ts';
import type { ToolAnswer } from '../core/result.ts';
import type { ServerRecord } from '../core/server-record.ts';
import type {
  Connect,
  ConnectHooks,
  Isolator,
  ResolveProgram,
  SchemaCheck,
  ServerConnection,
} from '../ports.ts';
import { isAsApproved } from './bubblewrap.ts';
import { ProgramTransport } from './stdio-transport.ts';

export interface McpConnectOptions {
  isolator: Isolator;
  resolveProgram: ResolveProgram;
  check: SchemaCheck;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  /** Hob's version, as servers are told. */
  version: string;
}

/** Hob offers servers nothing: no sampling, no roots, and no questions past the gate. */
const capabilities = {};
const CAPABILITY_SET = JSON.stringify(capabilities);
/** A server that knows no `server/discover` should say so at once; one that says nothing is of the older era. */
const PROBE_MS = 5_000;
const LIST_MS = 15_000;
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
    const program = await startable(server, transport, o);
    const channel = new ProgramTransport(program.spec, { clock: o.clock, log: hooks.log });
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
    await open(client, channel, hooks);
    return connection(client, channel, closed, program.isolation, o.check);
  };

/** Ours is used instead, which obeys no regular expression of a server. */
const acceptAll: jsonSchemaValidator = {
  getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
};

async function startable(server: ServerRecord, stdio: StdioServer, o: McpConnectOptions) {
  const cwd = stdio.cwd ?? '/';
  const executable = await o.resolveProgram(stdio.argv[0] ?? '', cwd);
  if (executable !== server.executable)
    throw new HobError('isolation_changed', {
      message:
        'The program that would be started is not the one that was approved; remove the server and add it again.',
    });
  const isolation = await o.isolator.plan(stdio, executable);
  if (!isAsApproved(server.isolation, isolation))
    throw new HobError('isolation_changed', {
      message: `It was approved as isolated. ${isolation.words}`,
    });
  const used = server.isolation.level === 'none' ? server.isolation : isolation;
  const { file, args } = await o.isolator.wrap(stdio, executable, used);
  const isolated = used.level !== 'none';
  const own = Object.fromEntries(stdio.variables.map(({ env, value }) => [env, value]));
  const env = serverEnvironment(o.env, stdio.env_names, own, isolated);
  return { isolation: used, spec: { file, args, cwd, env } };
}

async function open(client: Client, channel: ProgramTransport, { signal }: ConnectHooks) {
  const stop = (): void => void channel.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    await client.connect(channel);
    signal.throwIfAborted();
  } catch (cause) {
    await channel.close();
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
  channel: ProgramTransport,
  closed: Promise<string>,
  isolation: ServerConnection['isolation'],
  check: SchemaCheck,
): ServerConnection {
  const info = client.getServerVersion();
  const ended = (): string | null => channel.reason;
  return {
    pid: channel.pid,
    protocol: client.getNegotiatedProtocolVersion() ?? 'unknown',
    callsItself:
      info === undefined ? null : `${info.title ?? info.name} ${info.version}`.slice(0, 128),
    isolation,
    capabilitySet: CAPABILITY_SET,
    closed,
    async listTools() {
      if (client.getServerCapabilities()?.tools === undefined) return [];
      try {
        return (await client.listTools(undefined, { timeout: LIST_MS, cacheMode: 'refresh' }))
          .tools;
      } catch (cause) {
        throw asHobError(cause, ended);
      }
    },
    async callTool(definition, args, { signal, timeoutMs }) {
      try {
        const answer = await client.callTool(
          { name: definition.name, arguments: args },
          {
            signal,
            timeout: timeoutMs,
            maxTotalTimeout: timeoutMs,
            toolDefinition: asTool(definition),
          },
        );
        return await checked(answer as unknown as JsonObject, definition, check);
      } catch (cause) {
        throw asHobError(cause, ended);
      }
    },
    onToolsChanged(listener) {
      client.setNotificationHandler('notifications/tools/list_changed', listener);
    },
    close: () => client.close(),
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
  if (cause instanceof HobError) return cause;
  const reason = ended();
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
