// The client that the suites start: a real host that adds the suite's server as a person would, behind the
// gate, and calls each of its tools once.
//   node client.ts URL
import { argv, env, stderr } from 'node:process';
import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';
import { signIn } from '../fakes/sign-in.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';
import {
  addHttp,
  answerForms,
  callTool,
  server,
  until,
  type HttpInput,
} from '../fakes/test-servers.ts';

interface Wanted {
  name: string;
  arguments: JsonObject;
}

/** What the scenario wants to be called with; where it does not say, something that fits the schema. */
const given = JSON.parse(env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as {
  toolCalls?: Wanted[];
  client_id?: string;
  client_secret?: string;
  private_key_pem?: string;
};
const scenario = env['MCP_CONFORMANCE_SCENARIO'] ?? '';

const samples: Record<string, JsonValue> = {
  string: 'text',
  number: 5,
  integer: 5,
  boolean: true,
  array: [],
};

/** Something for each argument; an object is the schema of the first tool, as Hob knows it. */
function fitting(schema: JsonObject, first: JsonObject): JsonObject {
  const properties = (schema['properties'] ?? {}) as Record<string, { type?: string }>;
  return Object.fromEntries(
    Object.entries(properties).map(([name, { type = 'string' }]) => [name, samples[type] ?? first]),
  );
}

/** One scenario wants null to be left out. Hob refuses it where the schema has no null, so the caller leaves it out. */
const withoutNull = (args: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));

/** As a person writes it down who knows what the scenario gives beforehand. */
async function oauthOf(test: TestHost): Promise<Partial<HttpInput>> {
  const { client_id, client_secret, private_key_pem } = given;
  if (scenario === 'auth/basic-cimd')
    return {
      oauth: { client_metadata_url: 'https://conformance-test.local/client-metadata.json' },
    };
  if (client_id === undefined) return {};
  const keep = (name: string, value: string) =>
    test.editor.client.request('secret.set', { name, value, key: 'file' });
  if (client_secret !== undefined) await keep('client-secret', client_secret);
  if (private_key_pem !== undefined) await keep('client-key', private_key_pem);
  return {
    oauth: {
      grant: scenario.includes('client-credentials') ? 'client_credentials' : 'authorization_code',
      client_id,
      ...(client_secret === undefined ? {} : { client_secret_from: 'client-secret' }),
      ...(private_key_pem === undefined ? {} : { private_key_from: 'client-key' }),
    },
  };
}

/** As often as a person would. */
const SIGN_INS = 3;

/** Signs in as often as the server makes Hob ask for it, and does what was wanted. */
async function signedIn(test: TestHost, work: () => Promise<string | null>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const code = await work();
    if (code !== 'server_needs_login' || tries === SIGN_INS) return;
    const { login } = await signIn(test, 'suite');
    stderr.write(`${JSON.stringify(login)}\n`);
    if (login?.state !== 'signed_in') return;
    await until(async () => (await server(test, 'suite')).health.state !== 'starting');
  }
}

const test = await startTestHost();
// What the server asks is sent as its fields stand.
const answering = answerForms(test);
try {
  await addHttp(test, 'suite', argv[2] ?? '', await oauthOf(test));
  await signedIn(test, async () => {
    const { login } = await server(test, 'suite');
    return login?.state === 'needed' ? 'server_needs_login' : null;
  });
  const { health } = await server(test, 'suite');
  stderr.write(`${JSON.stringify(health)}\n`);
  const { tools } = await test.editor.client.request('server.tools', { name: 'suite' });
  const first = tools[0]?.definition.input_schema ?? {};
  const calls =
    given.toolCalls ??
    tools.map(({ name, definition }) => ({
      name,
      arguments: fitting(definition.input_schema, first),
    }));
  for (const { name, arguments: args } of calls) {
    await signedIn(test, async () => {
      const run = await callTool(test, 'suite', name, withoutNull(args)).catch(String);
      const words = typeof run === 'string' ? run : `${run.status} ${JSON.stringify(run.error)}`;
      stderr.write(`${name}: ${words}\n`);
      return typeof run === 'string' ? run : (run.error?.code ?? null);
    });
  }
  if (health.state !== 'ready') process.exitCode = 1;
} finally {
  answering.stop();
  await test[Symbol.asyncDispose]();
}
