import { fileURLToPath } from 'node:url';
import type { CommandInput } from '#schema/commands/registry.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { RunView } from '#schema/views/run.ts';
import type { ServerView } from '#schema/views/server.ts';
import type { TestHost } from './test-host.ts';

export const oddServer = fileURLToPath(
  new URL('../fixtures/servers/odd-server.mjs', import.meta.url),
);
type Transport = CommandInput<'server.add'>['transport'];
type StdioInput = Extract<Transport, { kind: 'stdio' }>;
export type HttpInput = Extract<Transport, { kind: 'http' }>;

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until something is true, 20 s at most. */
export async function until<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    await pause(20);
  }
  throw new Error('it did not become true in 20 s');
}

/** Adds a server as a person does: asks, and approves the card. */
export async function addServer(
  test: TestHost,
  name: string,
  args: readonly string[] = [],
  change: Partial<StdioInput> = {},
): Promise<ServerView> {
  return addProgram(test, name, [process.execPath, oddServer, ...args], change);
}

export const addProgram = (
  test: TestHost,
  name: string,
  argv: string[],
  change: Partial<StdioInput> = {},
): Promise<ServerView> => added(test, name, { kind: 'stdio', argv, ...change });

/** Adds a server behind an address in the same way. */
export const addHttp = (
  test: TestHost,
  name: string,
  url: string,
  change: Partial<HttpInput> = {},
): Promise<ServerView> => added(test, name, { kind: 'http', url, ...change });

async function added(test: TestHost, name: string, transport: Transport): Promise<ServerView> {
  const { client } = test.editor;
  const { run } = await client.request('server.add', { name, transport });
  await approve(test, run);
  const ended = await client.request('run.get', { run_id: run.run_id, wait_ms: 30_000 });
  if (ended.run.status !== 'succeeded')
    throw new Error(`not added: ${JSON.stringify(ended.run.error)}`);
  return server(test, name);
}

export async function server(test: TestHost, name: string): Promise<ServerView> {
  const { servers } = await test.editor.client.request('server.list', {});
  const found = servers.find((s) => s.name === name);
  if (found === undefined) throw new Error(`no server ${name}`);
  return found;
}

/** Approves the question of a run, with the second step where it needs one. */
export async function approve(test: TestHost, run: RunView): Promise<void> {
  const { approvals } = await test.editor.client.request('approval.list', {});
  const card = approvals.find((a) => a.run_id === run.run_id);
  if (card === undefined) throw new Error(`no card for ${JSON.stringify(run)}`);
  await test.editor.respond(card, 'approve', { confirmed: card.danger });
}

/** Calls a tool as the person, approves it and gives its ended run. */
export async function callTool(
  test: TestHost,
  name: string,
  tool: string,
  args: JsonObject = {},
): Promise<RunView> {
  const { client } = test.editor;
  const { run } = await client.request('server.call', { server: name, tool, arguments: args });
  if (run.status === 'waiting_for_approval') await approve(test, run);
  return (await client.request('run.get', { run_id: run.run_id, wait_ms: 30_000 })).run;
}

/** A person who sends every form of a server as it stands, and opens no page. */
export function answerForms(test: TestHost): { stop(): void } {
  const { client } = test.editor;
  const look = async (): Promise<void> => {
    const { inquiries } = await client.request('inquiry.list', {});
    for (const { inquiry_id, kind } of inquiries)
      if (kind === 'form') await client.request('inquiry.answer', { inquiry_id, content: {} });
      else await client.request('inquiry.decline', { inquiry_id });
  };
  const timer = setInterval(() => void look().catch(() => {}), 50);
  return { stop: () => clearInterval(timer) };
}

/** The text of the first part of an answer. */
export const textOf = (run: RunView): string =>
  String((run.result?.['content'] as { text?: string }[] | undefined)?.[0]?.text);
