import type { TurnState } from '#schema/views/turn.ts';

/*
 * Who talks, and how far each turn is. Pure: `decide` says what follows from something that happened,
 * `evolve` what is true after it. One turn at a time has the ears; turns that act or speak go on beside it,
 * so that "yes" can be said while the call that asked still waits.
 */

/** A turn that has not ended. */
export interface LiveTurn {
  readonly turn_id: string;
  readonly mode: 'hold' | 'tap' | 'file';
  /** Null for a file. */
  readonly window_id: string | null;
  readonly connection_id: string;
  readonly state: Exclude<TurnState, 'ended'>;
}

export type Turns = readonly LiveTurn[];

/** Why a turn ended; the code of an error where one ended it. */
export type EndReason =
  | 'done'
  | 'nothing_heard'
  | 'aborted'
  | 'cancelled'
  | 'superseded'
  | 'taken_over'
  | 'gate_closed'
  | 'window_closed'
  | 'host_stopped'
  | `microphone_${'missing' | 'denied' | 'busy' | 'lost' | 'failed'}`
  | 'voice_unavailable'
  | 'failed';

export type Happened =
  | {
      readonly kind: 'start';
      readonly turn: Omit<LiveTurn, 'state'>;
      readonly take_over: boolean;
      readonly gate_open: boolean;
    }
  /** The hand let go, or silence ended it: no more sound is taken. */
  | { readonly kind: 'finish'; readonly turn_id: string }
  /** The turn got to its next state. */
  | { readonly kind: 'reach'; readonly turn_id: string; readonly state: LiveTurn['state'] }
  | { readonly kind: 'end'; readonly turn_id: string; readonly reason: EndReason }
  | { readonly kind: 'gate_closed' }
  | { readonly kind: 'connection_closed'; readonly connection_id: string }
  | { readonly kind: 'stop_all' };

export type TurnEvent =
  | { readonly type: 'began'; readonly turn: LiveTurn }
  | { readonly type: 'reached'; readonly turn_id: string; readonly state: LiveTurn['state'] }
  | { readonly type: 'ended'; readonly turn_id: string; readonly reason: EndReason };

export type Decision =
  | { readonly ok: true; readonly events: readonly TurnEvent[] }
  | {
      readonly ok: false;
      readonly code: 'microphone_closed' | 'microphone_in_use' | 'too_many_requests';
      /** The turn that is in the way. */
      readonly by: LiveTurn | null;
    };

/** More than anybody can start by hand; a client that loops is told so. */
export const MAX_LIVE_TURNS = 16;

const order: readonly LiveTurn['state'][] = [
  'listening',
  'recognising',
  'understood',
  'editing',
  'acting',
  'speaking',
];

const ok = (...events: TurnEvent[]): Decision => ({ ok: true, events });
const ended = (turn: LiveTurn, reason: EndReason): TurnEvent => ({
  type: 'ended',
  turn_id: turn.turn_id,
  reason,
});

/** The turn that has the ears. */
export const listening = (turns: Turns): LiveTurn | null =>
  turns.find(({ state }) => state === 'listening') ?? null;

/** A person has the microphone. */
export function isTalking(turns: Turns): boolean {
  const turn = listening(turns);
  return turn !== null && turn.mode !== 'file';
}

export const turnOf = (turns: Turns, turnId: string): LiveTurn | null =>
  turns.find(({ turn_id }) => turn_id === turnId) ?? null;

/** What is said of a turn that is over, or of a step behind the one it is at, changes nothing. */
export function decide(turns: Turns, happened: Happened): Decision {
  switch (happened.kind) {
    case 'start':
      return start(turns, happened);
    case 'finish':
      return advance(turnOf(turns, happened.turn_id), 'recognising');
    case 'reach':
      return advance(turnOf(turns, happened.turn_id), happened.state);
    case 'end': {
      const turn = turnOf(turns, happened.turn_id);
      return turn === null ? ok() : ok(ended(turn, happened.reason));
    }
    case 'gate_closed': {
      const turn = listening(turns);
      return turn === null || turn.mode === 'file' ? ok() : ok(ended(turn, 'gate_closed'));
    }
    case 'connection_closed':
      return ok(
        ...turns
          .filter(({ connection_id }) => connection_id === happened.connection_id)
          .map((turn) => ended(turn, 'window_closed')),
      );
    case 'stop_all':
      return ok(...turns.map((turn) => ended(turn, 'host_stopped')));
  }
}

/**
 * Whoever talks keeps the microphone: another window hears who has it, and takes it only when a person
 * says so there. The same window begins anew. A file gives way to a person.
 */
function start(
  turns: Turns,
  { turn, take_over, gate_open }: Happened & { kind: 'start' },
): Decision {
  if (!gate_open && turn.mode !== 'file') return { ok: false, code: 'microphone_closed', by: null };
  const current = listening(turns);
  const began: TurnEvent = { type: 'began', turn: { ...turn, state: 'listening' } };
  const inTheWay = current === null ? null : endFor(current, turn, take_over);
  if (current !== null && inTheWay === null)
    return { ok: false, code: 'microphone_in_use', by: current };
  // A transcript that nobody confirmed, and an answer that is being said, give way to the next sentence.
  const over = turns.filter(
    ({ state, window_id }) => state === 'editing' && window_id === turn.window_id,
  );
  const left = turns.length - over.length - (inTheWay === null ? 0 : 1);
  if (left >= MAX_LIVE_TURNS) return { ok: false, code: 'too_many_requests', by: null };
  return ok(
    ...(current === null || inTheWay === null ? [] : [ended(current, inTheWay)]),
    ...over.map((other) => ended(other, 'superseded')),
    began,
  );
}

/** Why the turn that listens gives way to `next`, or null when it does not. */
function endFor(
  current: LiveTurn,
  next: Omit<LiveTurn, 'state'>,
  takeOver: boolean,
): EndReason | null {
  if (next.mode === 'file') return null;
  if (current.mode === 'file') return 'taken_over';
  if (current.window_id === next.window_id) return 'superseded';
  return takeOver ? 'taken_over' : null;
}

function advance(turn: LiveTurn | null, state: LiveTurn['state']): Decision {
  return turn === null || order.indexOf(state) <= order.indexOf(turn.state)
    ? ok()
    : ok({ type: 'reached', turn_id: turn.turn_id, state });
}

export function evolve(turns: Turns, event: TurnEvent): Turns {
  switch (event.type) {
    case 'began':
      return [...turns, event.turn];
    case 'reached':
      return turns.map((turn) =>
        turn.turn_id === event.turn_id ? { ...turn, state: event.state } : turn,
      );
    case 'ended':
      return turns.filter((turn) => turn.turn_id !== event.turn_id);
  }
}
