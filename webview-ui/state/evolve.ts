import { runtimeStatusSchema } from '#schema/commands/runtime.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import { callLine } from '../words/call.ts';
import { whoName } from '../words/who.ts';
import { dataOf, evolveApproval, openOnes, withApproval } from './approvals.ts';
import { evolveUi } from './evolve-ui.ts';
import { mergeEvents } from './events.ts';
import type { PanelMessage } from './message.ts';
import { initialState, type PanelState, type SettledNote, type Snapshot } from './model.ts';
import { evolveRun, runLine } from './runs.ts';

/** How long a settled question stays in its place. */
export const SETTLED_STAYS_MS = 8_000;
/** Questions that expired longer ago than this are history, not news. */
const EXPIRED_IS_NEWS_MS = 60 * 60_000;

/** The panel after one more message. Pure: the same messages always draw the same panel. */
export function evolve(state: PanelState, message: PanelMessage): PanelState {
  switch (message.kind) {
    case 'bridge':
      return { ...state, bridge: message.state };
    case 'snapshot':
      return withSnapshot(state, message);
    case 'loaded':
      return { ...state, loaded: true, problem: null };
    case 'problem':
      return { ...state, problem: message.error };
    case 'store_replaced':
      return {
        ...initialState(state.now),
        bridge: state.bridge,
        ui: { ...initialState(state.now).ui, draft: state.ui.draft, tab: state.ui.tab },
      };
    case 'event':
      return withEvent(state, message.event, message.attended);
    case 'approval':
      return withChanged(state, message.approval, message.attended);
    case 'decision_sent':
      return withDecision(
        { ...state, ui: { ...state.ui, confirming: null, blocked: null } },
        message.approval_id,
        { step: 'sending', decision: message.decision },
      );
    case 'decision_refused':
      return withDecision(state, message.approval_id, { step: 'refused', error: message.error });
    case 'turn_started':
      return { ...state, turn: { step: 'running', text: message.text } };
    case 'turn_answered':
      return { ...state, turn: { step: 'answered', text: message.text, result: message.result } };
    case 'turn_failed':
      return { ...state, turn: { step: 'failed', text: message.text, error: message.error } };
    case 'turn_closed':
      return { ...state, turn: null };
    case 'connect':
      return { ...state, connect: message.connect };
    case 'connect_plan': {
      const { name, undo, plan } = message;
      return {
        ...state,
        connect: { step: 'plan', name, undo, plan, applying: false, error: null },
      };
    }
    case 'connect_applying':
      return state.connect?.step === 'plan'
        ? { ...state, connect: { ...state.connect, applying: true, error: null } }
        : state;
    case 'connect_failed':
      return withConnectFailure(state, message);
    case 'notice':
      return { ...state, notice: { text: message.text, error: message.error } };
    case 'notice_closed':
      return { ...state, notice: null };
    case 'tick':
      return withTime(state, message.now, message.held);
    default:
      return evolveUi(state, message);
  }
}

function withSnapshot(state: PanelState, snapshot: Snapshot): PanelState {
  switch (snapshot.part) {
    case 'status':
      // Only the first one says where the stream begins: a later head may be ahead of events that
      // are still on their way, and resuming there would leave a hole.
      return {
        ...state,
        status: snapshot.value,
        lastSeq: state.lastSeq === 0 ? snapshot.value.head_seq : state.lastSeq,
      };
    case 'approvals':
      return withWaiting(state, snapshot.value.approvals, snapshot.value.total);
    case 'expired':
      return withExpired(state, snapshot.value.approvals);
    case 'runs':
      return {
        ...state,
        runs: new Map([
          ...state.runs,
          ...snapshot.value.runs.map((run) => [run.run_id, runLine(run)] as const),
        ]),
      };
    case 'events': {
      const { events } = snapshot.value;
      const oldest = events.at(-1)?.seq ?? 0;
      return {
        ...events.toReversed().reduce(withPast, state),
        events: mergeEvents(state.events, events),
        complete: state.complete || oldest <= 1,
      };
    }
    case 'agents':
      return { ...state, agents: snapshot.value.agents };
    case 'grants':
      return { ...state, grants: snapshot.value.grants };
    case 'palette':
      return snapshot.value.events.reduce(withPalette, state);
  }
}

/**
 * What waits according to the host. What is open here but not there was settled unseen: it stays
 * until its own view says how (see `unseenEndings`). What was seen to be settled stays settled, since
 * this list may be older than that event.
 */
function withWaiting(
  state: PanelState,
  waiting: readonly ApprovalView[],
  total: number,
): PanelState {
  const fresh = waiting.filter((one) => !state.settled.has(one.approval_id));
  return {
    ...state,
    approvals: fresh.reduce(withApproval, state.approvals),
    asked: withAsked(state, waiting),
    total,
  };
}

const withAsked = (state: PanelState, more: readonly ApprovalView[]): PanelState['asked'] =>
  new Map([...state.asked, ...more.map((one) => [one.approval_id, one.call] as const)]);

/** What an event from before the panel looked says about runs, and what each question was about. */
function withPast(state: PanelState, event: StoredEvent): PanelState {
  if (event.event_type.startsWith('run.')) return withRunEvent(state, event);
  const question = dataOf(event, 'approval.requested');
  if (question === null) return state;
  return { ...state, asked: new Map(state.asked).set(question.approval_id, question.call) };
}

/** Questions that are open here and no longer wait at the host. */
export function unseenEndings(state: PanelState, waiting: readonly ApprovalView[]): string[] {
  const still = new Set(waiting.map((one) => one.approval_id));
  return openOnes(state.approvals)
    .map((one) => one.approval_id)
    .filter((id) => !still.has(id));
}

/** Questions that ended without an answer while the panel was not there to say so. */
function withExpired(state: PanelState, expired: readonly ApprovalView[]): PanelState {
  const news = expired.filter(
    (one) =>
      !state.ui.dismissed.has(one.approval_id) &&
      !state.settled.has(one.approval_id) &&
      one.settled_at !== null &&
      state.now - Date.parse(one.settled_at) < EXPIRED_IS_NEWS_MS,
  );
  const note: SettledNote = { since: state.now, away: true, own: false };
  return {
    ...state,
    approvals: news.reduce(withApproval, state.approvals),
    asked: withAsked(state, expired),
    settled: new Map([...state.settled, ...news.map((one) => [one.approval_id, note] as const)]),
  };
}

function withEvent(state: PanelState, event: StoredEvent, attended: boolean): PanelState {
  const next: PanelState = {
    ...state,
    events: mergeEvents(state.events, [event]),
    complete: state.complete || event.seq === 1,
    lastSeq: Math.max(state.lastSeq, event.seq),
  };
  const [area] = event.event_type.split('.');
  if (area === 'approval') return withApprovalEvent(next, event, attended);
  if (area === 'run') return withRunEvent(next, event);
  if (area === 'orb') return withPalette(next, event);
  if (area === 'policy' || area === 'runtime') return withControl(next, event);
  if (area === 'turn') return withTurnEvent(next, event);
  return next;
}

function withApprovalEvent(state: PanelState, event: StoredEvent, attended: boolean): PanelState {
  const id = event.stream.stream_id;
  const before = state.approvals.find((one) => one.approval_id === id) ?? null;
  const after = evolveApproval(before, event);
  return after === null || after === before ? state : withChanged(state, after, attended);
}

function withChanged(state: PanelState, approval: ApprovalView, attended: boolean): PanelState {
  const id = approval.approval_id;
  const known = state.approvals.find((one) => one.approval_id === id);
  if (known !== undefined && state.settled.has(id)) return state;
  const open = approval.status === 'pending' || approval.status === 'held';
  const decisions = new Map(state.decisions);
  const sent = decisions.get(id);
  decisions.delete(id);
  const next = {
    ...state,
    decisions,
    approvals: withApproval(state.approvals, approval),
    asked: known === undefined ? withAsked(state, [approval]) : state.asked,
  };
  if (open) {
    if (known !== undefined) return next;
    return {
      ...next,
      total: state.total + 1,
      ui: { ...state.ui, alert: `${whoName(approval.requester)} asks: ${callLine(approval.call)}` },
    };
  }
  const own = sent?.step === 'sending';
  const note: SettledNote = {
    since: state.now,
    own,
    away: !attended && approval.status === 'expired',
  };
  const { ui } = state;
  return {
    ...next,
    total: known === undefined ? state.total : Math.max(0, state.total - 1),
    settled: new Map(state.settled).set(id, note),
    ui: {
      ...ui,
      confirming: ui.confirming === id ? null : ui.confirming,
      selected: ui.selected === id ? nextOpen(next.approvals, id) : ui.selected,
    },
  };
}

/** The open question after this one, else the first. */
function nextOpen(approvals: readonly ApprovalView[], id: string): string | null {
  const open = openOnes(approvals);
  return (open.find((one) => one.approval_id > id) ?? open[0])?.approval_id ?? null;
}

function withRunEvent(state: PanelState, event: StoredEvent): PanelState {
  const id = event.stream.stream_id;
  const before = state.runs.get(id) ?? null;
  const after = evolveRun(before, event);
  return after === null || after === before
    ? state
    : { ...state, runs: new Map(state.runs).set(id, after) };
}

function withPalette(state: PanelState, event: StoredEvent): PanelState {
  if (event.event_type === 'orb.palette_cleared') return { ...state, palette: null };
  const palette = dataOf(event, 'orb.palette_set')?.palette;
  return palette === undefined ? state : { ...state, palette };
}

/** Shown at once; the counts of the status follow with its next snapshot. */
function withControl(state: PanelState, event: StoredEvent): PanelState {
  if (state.status === null) return state;
  const on = dataOf(event, 'policy.kill_switch_set')?.on;
  if (on !== undefined) return { ...state, status: { ...state.status, kill_switch: on } };
  const states = runtimeStatusSchema.shape.state.enum;
  if (event.event_type === 'runtime.stopped')
    return { ...state, status: { ...state.status, state: states.stopped } };
  if (event.event_type === 'runtime.started')
    return { ...state, status: { ...state.status, state: states.running } };
  return state;
}

/** A sentence whose answer came later than the reply to its command. */
function withTurnEvent(state: PanelState, event: StoredEvent): PanelState {
  const answered = dataOf(event, 'turn.answered');
  const { turn } = state;
  if (answered === null || turn?.step !== 'answered' || turn.result.turn_id !== answered.turn_id)
    return state;
  return {
    ...state,
    turn: { ...turn, result: { ...turn.result, status: 'answered', reply: answered.text } },
  };
}

function withDecision(
  state: PanelState,
  id: string,
  decision: PanelState['decisions'] extends ReadonlyMap<string, infer D> ? D : never,
): PanelState {
  // The event may have been faster than the reply.
  if (state.settled.has(id)) return state;
  return { ...state, decisions: new Map(state.decisions).set(id, decision) };
}

function withConnectFailure(
  state: PanelState,
  failure: Extract<PanelMessage, { kind: 'connect_failed' }>,
): PanelState {
  const { name, undo, error } = failure;
  const { connect } = state;
  if (connect?.step === 'plan') {
    return { ...state, connect: { ...connect, applying: false, error } };
  }
  return { ...state, connect: { step: 'failed', name, undo, error } };
}

function withTime(state: PanelState, now: number, held: boolean): PanelState {
  const over = [...state.settled].filter(
    ([id, note]) =>
      !held && !note.away && now - note.since >= SETTLED_STAYS_MS && !isRunning(state, id),
  );
  if (over.length === 0) return { ...state, now };
  const gone = new Set(over.map(([id]) => id));
  return {
    ...state,
    now,
    approvals: state.approvals.filter((one) => !gone.has(one.approval_id)),
    settled: new Map([...state.settled].filter(([id]) => !gone.has(id))),
  };
}

/** What became of an approved call is worth waiting for, a minute at most. */
function isRunning(state: PanelState, approvalId: string): boolean {
  const note = state.settled.get(approvalId);
  if (note === undefined || state.now - note.since > 60_000) return false;
  const approval = state.approvals.find((one) => one.approval_id === approvalId);
  const run = state.runs.get(approval?.run_id ?? '');
  return approval?.status === 'approved' && (run?.status === 'running' || run?.status === 'queued');
}
