import { execFile } from 'node:child_process';
import { HostCallError } from '#schema/client/errors.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import { hostEnvironment, type HostProgram } from '#schema/client/spawn-host.ts';

/** What a verification of a damaged record may say. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * Lets the host's program do one thing where no host runs, and gives what it answers. In a process of its
 * own: the store belongs to that program, not to the command line's. Throws HostCallError when it says no.
 */
export async function askHostProgram<T>(
  { nodePath, hostScript }: HostProgram,
  flags: readonly ['--reset-deciders' | '--verify', ...string[]],
  dataDir: string,
): Promise<T> {
  const argv = [hostScript, ...flags, '--data-dir', dataDir];
  const options = { env: hostEnvironment(nodePath), maxBuffer: MAX_ANSWER_BYTES };
  const text = await new Promise<string>((resolve, reject) => {
    execFile(nodePath, argv, options, (failure, stdout) => {
      if (stdout.trim() === '') reject(failure ?? new Error('the host program said nothing'));
      else resolve(stdout);
    });
  });
  const answer = JSON.parse(text) as T | { error: WireError };
  if (typeof answer === 'object' && answer !== null && 'error' in answer)
    throw new HostCallError(answer.error);
  return answer;
}
