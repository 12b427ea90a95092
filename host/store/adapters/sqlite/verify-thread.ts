import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { HobError } from '#host/kernel/errors.ts';
import type { Projection, StoreVerification } from '../../ports.ts';
import { verifyDatabase } from './verify-database.ts';

type Answer = { ok: true; verification: StoreVerification } | { ok: false; message: string };

/** Verifies in a thread of its own. `worker` is a module that calls `serveVerification`. */
export async function verifyInThread(
  worker: URL | string,
  file: string,
): Promise<StoreVerification> {
  const thread = new Worker(worker, { workerData: { file } });
  try {
    const answer = await answerOf(thread);
    if (answer.ok) return answer.verification;
    throw new HobError('store_unavailable', { message: answer.message });
  } finally {
    await thread.terminate();
  }
}

function answerOf(thread: Worker): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  thread.once('message', resolve);
  thread.once('error', reject);
  thread.once('exit', (code) => {
    reject(new Error(`the verification thread ended early (${code})`));
  });
  return promise;
}
/** The whole of a verification worker: its module calls this with the projections that it imports. */
export function serveVerification(projections: readonly Projection<unknown>[]): void {
  if (isMainThread || parentPort === null)
    throw new Error('serveVerification runs in a worker thread');
  const { file } = workerData as { file: string };
  let answer: Answer;
  try {
    answer = { ok: true, verification: verifyDatabase(file, projections) };
  } catch (thrown) {
    answer = { ok: false, message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
  parentPort.postMessage(answer);
}
