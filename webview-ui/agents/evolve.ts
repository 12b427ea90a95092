import type { WireError } from '#schema/envelope/errors.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { RunView } from '#schema/views/run.ts';
import type { AgentsState, OpenAgent } from './model.ts';

export type AgentsMessage =
  | { readonly kind: 'open'; readonly agent_id: string | null }
  /** A page of what it did, newest first. `from`: the run that it comes after; null for the newest. */
  | {
      readonly kind: 'deeds';
      readonly agent_id: string;
      readonly from: string | null;
      readonly runs: readonly RunView[];
      readonly more: boolean;
    }
  | { readonly kind: 'unread'; readonly agent_id: string; readonly error: WireError }
  | { readonly kind: 'deed'; readonly run_id: string | null }
  | { readonly kind: 'events'; readonly run_id: string; readonly events: readonly StoredEvent[] }
  | { readonly kind: 'revoking'; readonly on: boolean }
  | { readonly kind: 'said'; readonly said: AgentsState['said'] };

/** The agents tab after one more message. What answers an agent that is folded by now is dropped. */
export function evolveAgents(state: AgentsState, message: AgentsMessage): AgentsState {
  if (message.kind === 'said') return { ...state, said: message.said };
  if (message.kind === 'open')
    return { open: message.agent_id === null ? null : folded(message.agent_id), said: null };
  return state.open === null ? state : { ...state, open: nextOpen(state.open, message) };
}

const folded = (agent_id: string): OpenAgent => ({
  agent_id,
  deeds: null,
  more: false,
  unread: null,
  deed: null,
  revoking: false,
});

function nextOpen(
  open: OpenAgent,
  message: Exclude<AgentsMessage, { kind: 'open' | 'said' }>,
): OpenAgent {
  switch (message.kind) {
    case 'deeds':
      return message.agent_id === open.agent_id ? withPage(open, message) : open;
    case 'unread':
      return message.agent_id === open.agent_id ? { ...open, unread: message.error } : open;
    case 'deed':
      return {
        ...open,
        deed: message.run_id === null ? null : { run_id: message.run_id, events: null },
      };
    case 'events':
      return message.run_id === open.deed?.run_id
        ? { ...open, deed: { ...open.deed, events: message.events } }
        : open;
    case 'revoking':
      return { ...open, revoking: message.on };
  }
}

/** Older runs come behind what is known; the newest ones, read again, take the place of what they are. */
function withPage(
  open: OpenAgent,
  { from, runs, more }: Extract<AgentsMessage, { kind: 'deeds' }>,
): OpenAgent {
  const known = open.deeds ?? [];
  if (from !== null) {
    const before = known.filter(({ run_id: id }) => id >= from);
    return { ...open, deeds: [...before, ...runs], unread: null, more };
  }
  const oldest = runs.at(-1)?.run_id ?? '';
  const older = known.filter(({ run_id: id }) => id < oldest);
  // All there is; or so much is new that what is known does not follow on it any more.
  const isWhole = !more || older.length === known.length;
  return isWhole || older.length === 0
    ? { ...open, deeds: runs, unread: null, more }
    : { ...open, deeds: [...runs, ...older], unread: null };
}
