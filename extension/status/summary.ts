import type { BoardView } from '../cards/board.ts';
import type { HostState } from '../host-process/host-state.ts';

/** What the status bar shows. Colour is never the only signal: icon and text say the same. */
export interface Summary {
  /** With a codicon in front. */
  text: string;
  /** Markdown, one line a fact. */
  tooltip: string;
  severity: 'none' | 'warning' | 'error';
}

const none = (text: string, tooltip: string): Summary => ({ text, tooltip, severity: 'none' });
const bad = (text: string, tooltip: string): Summary => ({ text, tooltip, severity: 'error' });
const some = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

/** The state of Hob in a few words, the most pressing first. */
export function summarize(host: HostState, { cards, status }: BoardView): Summary {
  switch (host.kind) {
    case 'fatal':
      return bad('$(error) Hob: stopped', host.detail ?? 'The host does not start.');
    case 'incompatible':
      return bad('$(error) Hob: other version', host.detail ?? 'The host is of another version.');
    case 'reconnecting':
      return none('$(sync~spin) Hob', host.detail ?? 'Looking for the host again.');
    case 'connecting':
      return none('$(loading~spin) Hob', 'Starting the host.');
    case 'connected':
      return connected(cards, status);
  }
}

function connected(cards: BoardView['cards'], status: BoardView['status']): Summary {
  if (status === null) return none('$(loading~spin) Hob', 'Asking the host.');
  if (status.state === 'degraded') {
    return bad('$(warning) Hob: degraded', status.problem ?? 'Something is wrong with the store.');
  }
  const waiting = cards.filter(({ status: one }) => one === 'pending').length;
  const held = cards.length - waiting;
  const facts = [
    waiting > 0 ? `${some(waiting, 'call waits', 'calls wait')} for your answer` : 'Nothing waits',
    ...(held > 0 ? [`${held} held`] : []),
    ...(status.executing > 0 ? [`${status.executing} running`] : []),
    agentFact(status.agents),
    `Agents may do: ${status.preset}`,
  ];
  const tooltip = facts.join('\n\n');
  if (status.kill_switch) return bad('$(stop-circle) Hob: kill switch on', tooltip);
  if (waiting > 0) {
    return { text: `$(bell-dot) Hob: ${waiting} waiting`, tooltip, severity: 'warning' };
  }
  if (status.state === 'stopped') return none('$(debug-pause) Hob: paused', tooltip);
  return none(held > 0 ? `$(shield) Hob: ${held} held` : '$(shield) Hob', tooltip);
}

const agentFact = ({ total, not_gated }: { total: number; not_gated: number }): string =>
  total === 0
    ? 'No agent is connected'
    : `${some(total, 'agent', 'agents')}${not_gated === 0 ? '' : `, ${not_gated} not gated`}`;
