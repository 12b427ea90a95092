import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { InquiryView } from '#schema/views/inquiry.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import { dataOf } from '#schema/views/approval-fold.ts';
import { visibleText } from '../words/visible.ts';
import { whoName } from '../words/who.ts';
import { openOnes, withApproval } from './approvals.ts';
import { mergeEvents } from './events.ts';
import { withAsked, withPalette, withRunEvent } from './evolve-event.ts';
import type { PanelState, SettledNote, Snapshot } from './model.ts';
import { runLine } from './runs.ts';
import { withTasks } from './schedule.ts';
import { withConfig } from './voice.ts';

/** Questions that expired longer ago than this are history, not news. */
const EXPIRED_IS_NEWS_MS = 60 * 60_000;

/** The panel after one of the views that it asked for. */
export function withSnapshot(state: PanelState, snapshot: Snapshot): PanelState {
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
    case 'inquiries':
      return withInquiries(state, snapshot.value.inquiries);
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
    case 'found':
      return snapshot.value.events.toReversed().reduce(withPast, state);
    case 'agents':
      return { ...state, agents: snapshot.value.agents };
    case 'tasks':
      return { ...state, schedule: withTasks(state.schedule, snapshot.value) };
    case 'grants':
      return { ...state, grants: snapshot.value.grants };
    case 'config':
      return { ...state, voice: withConfig(state.voice, snapshot.value.config) };
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

/** What agents ask now; a question that was not here before is read out to who does not see it. */
function withInquiries(state: PanelState, inquiries: readonly InquiryView[]): PanelState {
  const known = new Set(state.inquiries.map(({ inquiry_id }) => inquiry_id));
  const fresh = inquiries.find(({ inquiry_id }) => !known.has(inquiry_id));
  if (fresh === undefined) return { ...state, inquiries };
  const alert = `${whoName(fresh.requester)} asks you: ${visibleText(fresh.question)}`;
  return { ...state, inquiries, ui: { ...state.ui, alert } };
}

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
