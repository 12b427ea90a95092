// The client that the suites start: a real host that adds the suite's server as a person would, behind the
// gate, and calls each of its tools once.
//   node client.ts URL
import { argv, env, stderr } from 'node:process';
import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';
import { startTestHost } from '../fakes/test-host.ts';
import { addHttp, callTool } from '../fakes/test-servers.ts';

interface Wanted {
  name: string;
  arguments: JsonObject;
}

/** What the scenario wants to be called with; where it does not say, something that fits the schema. */
const { toolCalls } = JSON.parse(env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as {
  toolCalls?: Wanted[];
};

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

const test = await startTestHost();
try {
  const { health } = await addHttp(test, 'suite', argv[2] ?? '');
  stderr.write(`${JSON.stringify(health)}\n`);
  const { tools } = await test.editor.client.request('server.tools', { name: 'suite' });
  const first = tools[0]?.definition.input_schema ?? {};
  const calls =
    toolCalls ??
    tools.map(({ name, definition }) => ({
      name,
      arguments: fitting(definition.input_schema, first),
    }));
  for (const { name, arguments: args } of calls) {
    const run = await callTool(test, 'suite', name, withoutNull(args)).catch(String);
    const words = typeof run === 'string' ? run : `${run.status} ${JSON.stringify(run.error)}`;
    stderr.write(`${name}: ${words}\n`);
  }
  if (health.state !== 'ready') process.exitCode = 1;
} finally {
  await test[Symbol.asyncDispose]();
}
