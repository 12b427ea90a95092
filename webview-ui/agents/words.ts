import type { AgentView } from '#schema/views/agent.ts';
import type { RunView } from '#schema/views/run.ts';
import type { Tone } from '../words/event-line.ts';

/** What became of something that an agent wanted to do: picture, words, tone. */
export function deedOutcome({ status, runner, policy, error }: RunView): {
  icon: string;
  text: string;
  tone: Tone;
} {
  switch (status) {
    case 'queued':
    case 'running':
      return { icon: 'play', text: 'runs', tone: 'calm' };
    case 'waiting_for_approval':
      return { icon: 'question', text: 'waits for you', tone: 'warn' };
    case 'succeeded':
      // What the agent itself carries out is only known to have been allowed.
      return runner === 'agent'
        ? { icon: 'pass', text: 'allowed', tone: 'good' }
        : { icon: 'check', text: 'done', tone: 'good' };
    case 'denied':
      return {
        icon: 'circle-slash',
        text: `stopped: ${error?.message ?? policy.reason}`,
        tone: 'bad',
      };
    case 'failed':
      return { icon: 'error', text: `failed: ${error?.message ?? 'no reason given'}`, tone: 'bad' };
    case 'cancelled':
      return { icon: 'close', text: 'cancelled', tone: 'calm' };
    case 'interrupted':
      return { icon: 'debug-disconnect', text: 'interrupted', tone: 'bad' };
  }
}

/** What revoking it does, before it is done. */
export function revokeWords({ capability, coverage }: AgentView): string {
  const now = 'Its connections end at once, its permissions end, its schedules pause.';
  if (capability !== null && capability !== undefined)
    return `${now} Its token is good for nothing any more, nor are those that it handed down.`;
  return coverage.hook_present === true
    ? `${now} It has no token: while its hook is in its settings, it goes on asking here. Disconnect takes the hook out.`
    : `${now} It has no token: what calls itself so may ask again.`;
}

/** What somebody took out of its settings, in words; null when all of Hob is there. */
export function goneOf({ hook_present, server_present }: AgentView['coverage']): string | null {
  if (hook_present === false) return 'Its hook is gone from its settings, so it no longer asks.';
  return server_present === false
    ? "Hob's MCP server is gone from its settings. Its own tools still ask; those of Hob are missing."
    : null;
}

/** The ids under which the record names it: its own, and its name where nothing proved it. */
export const idsOf = ({ agent_id, name }: AgentView): string[] => [agent_id, `claimed:${name}`];
