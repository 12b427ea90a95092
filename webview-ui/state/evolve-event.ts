import { runtimeStatusSchema } from '#schema/commands/runtime.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import { dataOf, evolveApproval } from '#schema/views/approval-fold.ts';
import { callLine } from '../words/call.ts';
import { whoName } from '../words/who.ts';
import { openOnes, withApproval } from './approvals.ts';
import { mergeEvents } from './events.ts';
import type { PanelState, SettledNote } from './model.ts';
import { evolveRun } from './runs.ts';
import { withTaskBack } from './schedule.ts';
import { withQuestionAnswered, withStored } from './voice.ts';

/** The panel after one more stored event. `attended`: somebody looked at the panel when it came. */
export function withEvent(state: PanelState, event: StoredEvent, attended: boolean): PanelState {
  const next: PanelState = {
    ...state,
    events: mergeEvents(state.events, [event]),
    complete: state.complete || event.seq === 1,
    lastSeq: Math.max(state.lastSeq, event.seq),
    voice: withStored(state.voice, event),
  };
  const [area] = event.event_type.split('.');
  if (area === 'approval') return withApprovalEvent(next, event, attended);
  if (area === 'run') return withRunEvent(next, event);
  if (area === 'orb') return withPalette(next, event);
  if (area === 'policy' || area === 'runtime') return withControl(next, event);
  if (area === 'turn') return withTurnEvent(next, event);
  if (area === 'task') return withTaskEvent(next, event);
  return next;
}

function withApprovalEvent(state: PanelState, event: StoredEvent, attended: boolean): PanelState {
  const id = event.stream.stream_id;
  const before = state.approvals.find((one) => one.approval_id === id) ?? null;
  const after = evolveApproval(before, event);
  return after === null || after === before ? state : withChanged(state, after, attended);
}

/** A question as it is now: new, changed or settled. */
export function withChanged(
  state: PanelState,
  approval: ApprovalView,
  attended: boolean,
): PanelState {
  const id = approval.approval_id;
  const known = state.approvals.find((one) => one.approval_id === id);
  if (known !== undefined && state.settled.has(id)) return state;
  const open = approval.status === 'pending' || approval.status === 'held';
  const decisions = new Map(state.decisions);
  const sent = decisions.get(id);
  decisions.delete(id);
  const next = {
    ...(approval.status === 'pending' ? state : withQuestionsAnswered(state)),
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

/** What an earlier yes or no in words was answered, spoken or typed: to look at a card. */
function withQuestionsAnswered(state: PanelState): PanelState {
  const { turn } = state;
  const points = turn?.step === 'failed' && turn.error.code === 'approval_source_refused';
  return { ...state, voice: withQuestionAnswered(state.voice), turn: points ? null : turn };
}

/** The open question after this one, else the first. */
function nextOpen(approvals: readonly ApprovalView[], id: string): string | null {
  const open = openOnes(approvals);
  return (open.find((one) => one.approval_id > id) ?? open[0])?.approval_id ?? null;
}

export function withRunEvent(state: PanelState, event: StoredEvent): PanelState {
  const id = event.stream.stream_id;
  const before = state.runs.get(id) ?? null;
  const after = evolveRun(before, event);
  return after === null || after === before
    ? state
    : { ...state, runs: new Map(state.runs).set(id, after) };
}

export function withPalette(state: PanelState, event: StoredEvent): PanelState {
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
    turn: {
      ...turn,
      result: {
        ...turn.result,
        status: 'answered',
        reply: answered.text,
        event_seqs: answered.event_seqs,
      },
    },
  };
}

/** What a sentence deleted can be had back where the sentence stands, until it is back by whatever way. */
function withTaskEvent(state: PanelState, event: StoredEvent): PanelState {
  const deleted = dataOf(event, 'task.deleted')?.task_id;
  if (deleted !== undefined && event.causation_id !== null)
    return { ...state, deletedBy: new Map(state.deletedBy).set(event.causation_id, deleted) };
  const back = dataOf(event, 'task.restored')?.task_id;
  if (back === undefined) return state;
  return {
    ...state,
    schedule: withTaskBack(state.schedule, back),
    deletedBy: new Map([...state.deletedBy].filter(([, task_id]) => task_id !== back)),
  };
}

/** Remembers what these questions are about. */
export const withAsked = (state: PanelState, more: readonly ApprovalView[]): PanelState['asked'] =>
  new Map([...state.asked, ...more.map((one) => [one.approval_id, one.call] as const)]);
