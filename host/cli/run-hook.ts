import { parseArgs } from 'node:util';
import { resolveDataDir } from '#schema/client/data-dir.ts';
import { HostGate } from '#host/agents/host-gate.ts';
import { agentAdapters } from '#host/agents/core/adapter.ts';
import type { HookAnswer, HookedAgent } from '#host/agents/core/hook-request.ts';
import { hookDeadlineMs, runHook } from '#host/agents/hook-client.ts';
import { systemClock } from '#host/kernel/system-clock.ts';

/** No agent's call is larger; a stream that never ends must not fill the memory. */
const MAX_STDIN_BYTES = 16 * 1024 * 1024;

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_STDIN_BYTES) throw new Error('The call is over 16 MiB.');
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}

/** `--limit`: the seconds that the agent waits, where its configuration does not have Hob's own. */
function limitSeconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds <= 0)
    throw new Error('--limit takes a number of seconds.');
  return seconds;
}

async function answer(argv: readonly string[]): Promise<HookAnswer> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { 'data-dir': { type: 'string' }, limit: { type: 'string' } },
    allowPositionals: true,
  });
  const [agent = '', event] = positionals;
  if (!Object.hasOwn(agentAdapters, agent)) {
    throw new Error(
      `Hob has no hook for "${agent}"; there are ${Object.keys(agentAdapters).join(', ')}.`,
    );
  }
  const hooked = agent as HookedAgent;
  const dataDir = resolveDataDir(values['data-dir']);
  const deadlineMs = hookDeadlineMs(hooked, limitSeconds(values.limit));
  return runHook({
    agent: hooked,
    ...(event === undefined ? {} : { event }),
    stdin: await readStdin(),
    gate: new HostGate({ dataDir, waitMs: deadlineMs }),
    clock: systemClock,
    deadlineMs,
  });
}

/** Answers on stdout and stderr and resolves with the exit status. Never rejects. */
export async function runHookCommand(argv: readonly string[]): Promise<number> {
  try {
    const { stdout, stderr, exit } = await answer(argv);
    if (stderr !== '') process.stderr.write(stderr);
    if (stdout !== '') process.stdout.write(stdout);
    return exit;
  } catch (failure) {
    const why = failure instanceof Error ? failure.message : String(failure);
    process.stderr.write(`Hob could not answer, so this call was stopped. ${why}\n`);
    return 2;
  }
}
