import type { HookAnswer, HookedAgent } from '#host/agents/core/hook-request.ts';

/** Agents that look at no exit status: only what they read on stdout stops a call. */
const blindToExit: ReadonlySet<HookedAgent> = new Set(['cline']);

const NO = /"(?:permissionDecision|behavior|decision|permission)":"(?:deny|block)"|"cancel":true/;
const YES = /"(?:permissionDecision|behavior|decision|permission)":"allow"|"cancel":false/;

/** What the agent takes for a no, as its documentation or a run of it says. */
export const stopsCall = (
  agent: HookedAgent,
  { stdout, stderr, exit }: Omit<HookAnswer, 'exit'> & { exit: number | null },
): boolean =>
  (exit === 2 && stderr.trim() !== '' && !blindToExit.has(agent)) ||
  (exit === 0 && NO.test(stdout));

/** What it takes for a yes: the word, or silence. */
export const letsCallGo = ({
  stdout,
  stderr,
  exit,
}: Omit<HookAnswer, 'exit'> & { exit: number | null }): boolean =>
  exit === 0 && stderr === '' && (stdout === '' || YES.test(stdout));
