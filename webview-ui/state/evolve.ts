import { withChanged, withEvent } from './evolve-event.ts';
import { evolveSchedule } from './evolve-schedule.ts';
import { withSnapshot } from './evolve-snapshot.ts';
import { evolveUi } from './evolve-ui.ts';
import type { PanelMessage } from './message.ts';
import { evolveVoice, withLink } from './evolve-voice.ts';
import { withTimePassed } from './schedule.ts';
import { initialState, type PanelState, type PendingDecision } from './model.ts';

/** How long a settled question stays in its place. */
export const SETTLED_STAYS_MS = 8_000;
/** The panel after one more message. Pure: the same messages always draw the same panel. */
export function evolve(state: PanelState, message: PanelMessage): PanelState {
  switch (message.kind) {
    case 'bridge':
      return { ...state, bridge: message.state, voice: withLink(state.voice, message.state) };
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
      return {
        ...withTime(state, message.now, message.held),
        schedule: withTimePassed(state.schedule, message.now),
      };
    case 'live':
    case 'talk_problem':
    case 'correct':
    case 'spoken_closed':
    case 'devices':
    case 'spoken_turns':
      return { ...state, voice: evolveVoice(state, message) };
    case 'open_task':
    case 'task_detail':
    case 'deleting_task':
    case 'task_removed':
    case 'task_back':
    case 'edit_task':
      return { ...state, schedule: evolveSchedule(state.schedule, message) };
    default:
      return evolveUi(state, message);
  }
}

function withDecision(state: PanelState, id: string, decision: PendingDecision): PanelState {
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
