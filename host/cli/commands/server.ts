import * as path from 'node:path';
import type { CommandInput } from '#schema/commands/registry.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import { endedRunStatuses, type RunView } from '#schema/views/run.ts';
import type { ServerView } from '#schema/views/server.ts';
import { exitCodes, UsageError, type CliCommand, type CliContext } from '../command.ts';
import { plain, table } from '../output.ts';
import { usageText } from '../usage.ts';
import { finishLogin, login, logout, oauthOf } from './server-login.ts';

const USAGE =
  'server list | add NAME [options] -- PROGRAM … | add NAME --url URL | tools NAME | call NAME TOOL [JSON] | review NAME | login NAME | finish-login NAME | logout NAME | restart NAME | stop NAME | logs NAME | remove NAME';

/** Long enough to answer a card. */
const WAIT_MS = 50_000;

export const serverCommand: CliCommand = {
  name: 'server',
  usage: USAGE,
  summary: 'External MCP servers: their tools, for you and for agents, behind the gate.',
  details: [
    'list             servers with their isolation, state and tools; starts none',
    'add NAME … -- PROGRAM ARG…  asks in the editor, then starts it and pins its tools',
    '  --cwd DIR      it is started in this folder, which it may read',
    '  --read DIR     it may read this folder (repeat for more, as the next ones)',
    '  --write DIR    it may change this folder',
    '  --env NAME     it gets this variable of yours',
    '  --set NAME=VALUE  it gets this variable, whose value everybody may see',
    '  --secret NAME=SECRET  it gets this secret of the vault as the variable NAME',
    '  --network      it may reach the network',
    'add NAME --url URL  the same for a server that somebody else runs (streamable HTTP)',
    '  --bearer SECRET  it is shown this secret of the vault as a bearer token',
    '  --private-network  its name may lead into a private network',
    '  --client-id ID  sign in there (OAuth) as this client; else Hob registers itself',
    '  --client-secret SECRET, --private-key SECRET  what proves the client, in the vault',
    '  --client-metadata URL  where a document of yours describes the client',
    '  --client-credentials  sign in as a program, without a browser',
    '  --scope SCOPE  asked for where the server does not say what it wants',
    'login NAME       signs in at it in your browser (--key-file: see hob secret); logout NAME',
    'finish-login NAME  takes the address that the browser ended at, on stdin, where it could not reach Hob',
    'tools NAME       its tools, and the diff of those that are quarantined',
    'call NAME TOOL [JSON]  calls one through the gate and prints the answer',
    'review NAME      asks again about what is quarantined',
    'restart, stop, logs, remove NAME',
    '  --off          stop: nothing starts it again but restart',
  ],
  options: {
    cwd: { type: 'string' },
    read: { type: 'string', multiple: true },
    write: { type: 'string', multiple: true },
    env: { type: 'string', multiple: true },
    set: { type: 'string', multiple: true },
    secret: { type: 'string', multiple: true },
    bearer: { type: 'string' },
    'client-id': { type: 'string' },
    'client-secret': { type: 'string' },
    'private-key': { type: 'string' },
    'client-metadata': { type: 'string' },
    'client-credentials': { type: 'boolean' },
    'key-file': { type: 'boolean' },
    off: { type: 'boolean' },
    scope: { type: 'string' },
    network: { type: 'boolean' },
    url: { type: 'string' },
    'private-network': { type: 'boolean' },
  },
  async run(context) {
    const [verb = '', name, ...more] = context.positionals;
    const verbs: Record<string, (name: string) => Promise<number>> = {
      add: (given) => add(context, given, more),
      tools: (given) => tools(context, given),
      call: (given) => call(context, given, more),
      review: (given) => review(context, given),
      login: (given) => login(context, given),
      'finish-login': (given) => finishLogin(context, given),
      logout: (given) => logout(context, given),
      restart: (given) => change(context, 'server.restart', given, 'is started again'),
      stop: (given) => stop(context, given),
      remove: (given) => change(context, 'server.remove', given, 'is removed'),
      logs: (given) => logs(context, given),
    };
    if (verb === 'list' && name === undefined) return list(context);
    const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    const takesMore = verb === 'add' || verb === 'call';
    if (run === undefined || name === undefined || (more.length > 0 && !takesMore))
      throw new UsageError(usageText(USAGE, context.positionals[0]));
    return run(name);
  },
};

async function list({ connect, out }: CliContext): Promise<number> {
  const { servers } = await (await connect()).request('server.list', {});
  if (out.json) for (const server of servers) out.result(server, '');
  else if (servers.length === 0) out.say('There is no server. Add one: hob server add --help');
  else out.say(table(servers.map(rowOf)));
  return exitCodes.done;
}

const rowOf = (server: ServerView): string[] => {
  const { name, health, isolation, tools, pins_intact } = server;
  return [
    name,
    server.off ? 'OFF' : server.login?.state === 'needed' ? 'NEEDS SIGN-IN' : health.state,
    isolation.level === 'none' ? 'NOT ISOLATED' : isolation.level,
    tools === null ? 'tools not seen yet' : `${tools.usable} tools`,
    tools !== null && tools.quarantined > 0 ? `${tools.quarantined} QUARANTINED` : '',
    pins_intact ? '' : 'PINS DAMAGED',
    health.problem === null ? '' : plain(health.problem),
  ];
};

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function pairOf(pair: string, usage: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1) throw new UsageError(usage);
  return [pair.slice(0, at), pair.slice(at + 1)];
}

type Transport = CommandInput<'server.add'>['transport'];

function transportOf({ values }: CliContext, argv: string[]): Transport {
  const given = values as Readonly<Record<string, unknown>>;
  const { url } = given;
  if (typeof url === 'string') {
    if (argv.length > 0) throw new UsageError('Either a program or --url URL, not both.');
    const { bearer } = given;
    const oauth = oauthOf(given);
    if (oauth !== null && typeof bearer === 'string')
      throw new UsageError('Either --bearer or signing in, not both.');
    return {
      kind: 'http',
      url,
      private_network: given['private-network'] === true,
      ...(typeof bearer === 'string' ? { bearer_from: bearer } : {}),
      ...(oauth === null ? {} : { oauth }),
    };
  }
  if (argv.length === 0)
    throw new UsageError(
      `hob server add NAME [options] -- PROGRAM …: which program? Or --url URL.`,
    );
  const variables = listOf(given['set']).map((pair) => {
    const [env, value] = pairOf(pair, '--set takes NAME=VALUE.');
    return { env, value };
  });
  const secrets = listOf(given['secret']).map((pair) => {
    const [env, from] = pairOf(pair, '--secret takes NAME=SECRET: a variable and a secret’s name.');
    return { env, from };
  });
  return {
    kind: 'stdio',
    argv,
    ...(typeof given['cwd'] === 'string' ? { cwd: path.resolve(given['cwd']) } : {}),
    env_names: listOf(given['env']),
    reads: listOf(given['read']).map((folder) => path.resolve(folder)),
    writes: listOf(given['write']).map((folder) => path.resolve(folder)),
    variables,
    ...(secrets.length === 0 ? {} : { secrets }),
    network: given['network'] === true,
  };
}

async function add(context: CliContext, name: string, argv: string[]): Promise<number> {
  const { connect, out } = context;
  const transport = transportOf(context, argv);
  const client = await connect();
  const { run } = await client.request('server.add', { name, transport });
  if (run.status === 'waiting_for_approval')
    out.say('A card in the editor asks whether you want it.');
  const ended = await client.request('run.get', { run_id: run.run_id, wait_ms: WAIT_MS });
  return report(context, ended.run, (result) => {
    const { state, problem } = result;
    const words =
      state === 'ready' ? 'runs, its tools are pinned' : (problem ?? 'it is still starting');
    return `${name} is added: ${plain(JSON.stringify(words).slice(1, -1))}.`;
  });
}

async function tools({ connect, out }: CliContext, name: string): Promise<number> {
  const { tools: found } = await (await connect()).request('server.tools', { name });
  if (out.json) for (const tool of found) out.result(tool, '');
  else if (found.length === 0) out.say('It has shown no tools yet; start it: hob server restart');
  for (const tool of out.json ? [] : found) {
    const state = tool.state === 'usable' ? '' : ' QUARANTINED';
    out.say(`${tool.name}${state}  ${plain(tool.description).slice(0, 100)}`);
    if (tool.diff !== null) out.say(tool.diff.split('\n').map(plain).join('\n'));
  }
  return exitCodes.done;
}

async function call(context: CliContext, name: string, more: readonly string[]): Promise<number> {
  const [tool, text = '{}', ...rest] = more;
  if (tool === undefined || rest.length > 0) throw new UsageError(usageText(USAGE, 'call'));
  const client = await context.connect();
  const payload = { server: name, tool, arguments: argumentsOf(text) };
  const { run } = await client.request('server.call', payload);
  if (run.status === 'waiting_for_approval') context.out.say('A card in the editor asks first.');
  const ended = await client.request('run.get', { run_id: run.run_id, wait_ms: WAIT_MS });
  return report(context, ended.run, (result) => {
    const content = Array.isArray(result['content']) ? result['content'] : [];
    const texts = content.map((part) => {
      const said = (part as { text?: unknown } | null)?.text;
      return typeof said === 'string' ? said : JSON.stringify(part);
    });
    return texts
      .flatMap((said) => said.split('\n'))
      .map(plain)
      .join('\n');
  });
}

function argumentsOf(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as JsonObject;
  } catch {
    // Said below.
  }
  throw new UsageError('The arguments of a tool are one JSON object, e.g. \'{"path":"a.txt"}\'.');
}

/** How a run ended, with the exit status that says it. */
function report({ out }: CliContext, run: RunView, textOf: (result: JsonObject) => string): number {
  const isOver = endedRunStatuses.includes(run.status);
  const { status } = run;
  const text =
    status === 'succeeded'
      ? textOf(run.result ?? {})
      : isOver
        ? `${status}: ${plain(run.error?.message ?? '')}${run.result === null ? '' : `\n${textOf(run.result)}`}`
        : 'It still waits for an answer in the editor.';
  out.result(run, text);
  if (status === 'succeeded') return exitCodes.done;
  if (!isOver) return exitCodes.pending;
  return status === 'denied' ? exitCodes.denied : exitCodes.error;
}

async function review({ connect, out }: CliContext, name: string): Promise<number> {
  const { run } = await (await connect()).request('server.review', { name });
  out.result(
    { run },
    run === null ? 'Nothing of it is quarantined.' : 'A card in the editor shows what changed.',
  );
  return run === null ? exitCodes.done : exitCodes.pending;
}

async function stop({ connect, out, values }: CliContext, name: string): Promise<number> {
  const off = (values as Readonly<Record<string, unknown>>)['off'] === true;
  const { server } = await (await connect()).request('server.stop', { name, off });
  const words = off
    ? 'is turned off until you start it: hob server restart'
    : 'is ended; the next call starts it again';
  out.result({ server }, `${server.name} ${words}.`);
  return exitCodes.done;
}

async function change(
  { connect, out }: CliContext,
  command: 'server.restart' | 'server.remove',
  name: string,
  what: string,
): Promise<number> {
  const { server } = await (await connect()).request(command, { name });
  out.result({ server }, `${server.name} ${what}.`);
  return exitCodes.done;
}

async function logs({ connect, out }: CliContext, name: string): Promise<number> {
  const { lines } = await (await connect()).request('server.logs', { name });
  if (out.json) for (const line of lines) out.result(line, '');
  else for (const { at, text } of lines) out.say(`${at}  ${plain(text)}`);
  return exitCodes.done;
}
