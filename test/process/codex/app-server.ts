/** As much of Codex's app-server protocol (JSON-RPC, one object a line) as an editor needs for one turn. */
import type { ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

type Server = ChildProcessByStdio<Writable, Readable, null>;
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: unknown;
  readonly error?: unknown;
}
interface Hook {
  readonly key: string;
  readonly currentHash: string;
}

/** Plays one turn; every prompt of Codex's own is declined and returned by its method name. */
export async function askAppServer(
  server: Server,
  options: { cwd: string; trust: boolean },
): Promise<string[]> {
  const peer = new Peer(server);
  await peer.call('initialize', {
    clientInfo: { name: 'test', title: 'test', version: '0' },
    capabilities: { experimentalApi: true },
  });
  peer.send({ method: 'initialized' });
  if (options.trust) await trustHooks(peer, options.cwd);
  const thread = (await peer.call('thread/start', {
    cwd: options.cwd,
    approvalPolicy: 'on-request',
    sandbox: 'read-only',
  })) as { thread: { id: string } };
  await peer.call('turn/start', {
    threadId: thread.thread.id,
    input: [{ type: 'text', text: 'do it', text_elements: [] }],
  });
  await peer.turnCompleted;
  return peer.prompts;
}

/** What an explicit click on "trust these hooks" does. */
async function trustHooks(peer: Peer, cwd: string): Promise<void> {
  const listed = (await peer.call('hooks/list', { cwds: [cwd] })) as { data: { hooks: Hook[] }[] };
  const hooks = listed.data.flatMap((entry) => entry.hooks);
  if (hooks.length === 0) throw new Error('Codex lists no hooks');
  const edits = hooks.map(({ key, currentHash }) => ({
    keyPath: 'hooks.state',
    value: { [key]: { trusted_hash: currentHash } },
    mergeStrategy: 'upsert',
  }));
  await peer.call('config/batchWrite', { edits, reloadUserConfig: true });
}

class Peer {
  readonly prompts: string[] = [];
  readonly turnCompleted: Promise<void>;
  readonly #server: Server;
  readonly #waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  #lastId = 0;

  constructor(server: Server) {
    this.#server = server;
    const turn = Promise.withResolvers<void>();
    this.turnCompleted = turn.promise;
    createInterface({ input: server.stdout }).on('line', (line) =>
      this.#receive(JSON.parse(line) as Message, turn.resolve),
    );
  }

  send(message: object): void {
    this.#server.stdin.write(`${JSON.stringify(message)}\n`);
  }

  call(method: string, params: object): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.send({ id, method, params });
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #receive(message: Message, completed: () => void): void {
    if (message.id !== undefined && message.method !== undefined) {
      this.prompts.push(message.method);
      const result = message.method.includes('elicitation')
        ? { action: 'decline', content: null, _meta: null }
        : { decision: 'decline' };
      this.send({ id: message.id, result });
    } else if (message.id !== undefined) {
      const waiter = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error === undefined) waiter?.resolve(message.result);
      else waiter?.reject(new Error(JSON.stringify(message.error)));
    } else if (message.method === 'turn/completed') completed();
  }
}
