import { EngineFailure, type EngineMessage, type EngineRequest } from './messages.ts';

/** Tells the host. Returns false when more than `limit` messages wait to be taken. */
export type Notify = (notice: string, body: unknown, limit?: number) => boolean;

export type EngineOps = Readonly<Record<string, (args: never) => unknown>>;

/** The whole of a child process with native code: answers requests until the host goes. */
export function serveEngine(make: (notify: Notify) => EngineOps): void {
  let waiting = 0;
  const post = (message: EngineMessage): void => {
    if (!process.connected) return;
    waiting += 1;
    process.send?.(message, undefined, undefined, () => {
      waiting -= 1;
    });
  };
  const ops = make((notice, body, limit = Infinity) => {
    if (waiting >= limit) return false;
    post({ notice, body });
    return true;
  });
  process.on('message', (request: EngineRequest) => {
    void answer(ops, request).then((message) => {
      if (request.id !== 0 || !message.ok) post(message);
    });
  });
  // Without the host nobody listens, and an open microphone would stay open.
  process.on('disconnect', () => process.exit(0));
}

async function answer(
  ops: EngineOps,
  { id, op, args }: EngineRequest,
): Promise<Extract<EngineMessage, { id: number }>> {
  try {
    const run = ops[op];
    if (run === undefined) throw new EngineFailure('unknown_op', `no operation ${op}`);
    return { id, ok: true, value: await run(args as never) };
  } catch (thrown) {
    const code = thrown instanceof EngineFailure ? thrown.code : 'failed';
    return {
      id,
      ok: false,
      code,
      message: thrown instanceof Error ? thrown.message : String(thrown),
    };
  }
}
