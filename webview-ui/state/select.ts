import type { ApprovalView } from '#schema/views/approval.ts';
import type { InquiryView } from '#schema/views/inquiry.ts';
import type { GrantOffer } from '#schema/views/grant.ts';
import type { OrbMood } from '../orb/shape.ts';
import { callLine } from '../words/call.ts';
import { failureText } from '../words/failure.ts';
import { dueText } from '../words/schedule.ts';
import { openOnes } from './approvals.ts';
import { FIRST_STEPS, type PanelState } from './model.ts';
import { nextDue } from './schedule.ts';
import { isListening, isThinking } from './voice.ts';

/** The orb with its words: one short heading and one sentence. */
export interface OrbView {
  readonly mood: OrbMood;
  /** How many wait; drawn in the ring. */
  readonly count: number;
  readonly title: string;
  readonly sentence: string;
}

export const pendingOnes = (state: PanelState): ApprovalView[] =>
  state.approvals.filter((one) => one.status === 'pending');
export const heldOnes = (state: PanelState): ApprovalView[] =>
  state.approvals.filter((one) => one.status === 'held');

/** The card that keys act on: the selected one, else the first that is open. */
export function selectedCard(state: PanelState): ApprovalView | null {
  const open = openOnes(state.approvals);
  return open.find((one) => one.approval_id === state.ui.selected) ?? open[0] ?? null;
}

/** The narrowest standing permission that fits, or null. Never for danger, whatever was offered. */
export function suggestion(approval: ApprovalView): GrantOffer | null {
  if (approval.danger) return null;
  const width = (offer: GrantOffer): number =>
    offer.match.kind === 'exact' ? -1_000 : -offer.match.argv.length;
  return approval.offers.toSorted((a, b) => width(a) - width(b))[0] ?? null;
}

/** True while the host can be asked and told. */
export const isConnected = (state: PanelState): boolean => state.bridge?.state === 'connected';

/** True when a decision sent now would be accepted, as far as this panel knows. */
export const canDecide = (state: PanelState): boolean =>
  isConnected(state) && state.bridge?.can_decide === true && state.status?.state !== 'degraded';

/** How many wait at the host; held ones are not waiting for now. */
function waitingCount(state: PanelState): number {
  const known = pendingOnes(state).length;
  return Math.max(known, state.total - heldOnes(state).length);
}

export function orbView(state: PanelState): OrbView {
  return linkView(state) ?? hostView(state) ?? voiceView(state) ?? workView(state);
}

function linkView(state: PanelState): OrbView | null {
  const { bridge } = state;
  const view = (mood: OrbMood, title: string, sentence: string): OrbView => ({
    mood,
    count: 0,
    title,
    sentence: bridge?.detail ?? sentence,
  });
  switch (bridge?.state) {
    case undefined:
    case 'connecting':
      return view('starting', 'Starting', 'Hob wakes up. This takes a moment.');
    case 'reconnecting':
      return view('offline', 'Reconnecting', 'The host went away. Hob tries again by itself.');
    case 'fatal':
      return view(
        'offline',
        'Not running',
        'The host could not be started. Open the log to see why.',
      );
    case 'incompatible':
      return view(
        'offline',
        'Other version',
        'The host that runs here is of another version. Reload this window to use it.',
      );
    case 'connected':
      return state.status === null && state.problem === null
        ? view('starting', 'Starting', 'Hob reads what happened so far.')
        : null;
  }
}

function hostView(state: PanelState): OrbView | null {
  const { status, problem } = state;
  const count = waitingCount(state);
  if (status?.kill_switch === true) {
    return {
      mood: 'stopped',
      count,
      title: 'Kill switch on',
      sentence: 'Nothing starts until you turn it off.',
    };
  }
  if (problem !== null || status?.state === 'degraded') {
    const why =
      status?.problem ??
      (problem === null ? 'Something is wrong with the host.' : failureText(problem));
    return { mood: 'degraded', count, title: 'Not well', sentence: why };
  }
  if (status?.state === 'stopped') {
    return {
      mood: 'paused',
      count,
      title: 'Paused',
      sentence: 'New calls are refused until you resume.',
    };
  }
  return status?.state === 'draining'
    ? {
        mood: 'offline',
        count,
        title: 'Restarting',
        sentence: 'The host hands over to a newer one.',
      }
    : null;
}

/** What ears and mouth do; what waits stays counted. */
function voiceView(state: PanelState): OrbView | null {
  const { voice } = state;
  const count = waitingCount(state);
  const also = count === 0 ? '' : ` · ${count} ${count === 1 ? 'waits' : 'wait'}`;
  if (isListening(voice)) {
    const sentence = 'Let go when you have said it. Esc forgets it.';
    return { mood: 'listening', count, title: `Listening${also}`, sentence };
  }
  if (voice.correcting !== null) {
    const sentence = 'Correct what I heard, then let me do it. Esc forgets it.';
    return { mood: 'waiting', count, title: `Is this right?${also}`, sentence };
  }
  if (isThinking(voice)) {
    const sentence = 'Hob works on what you said.';
    return { mood: 'thinking', count, title: `Working${also}`, sentence };
  }
  return voice.speaking === null
    ? null
    : { mood: 'speaking', count, title: `Speaking${also}`, sentence: 'Press Stop for silence.' };
}

function workView(state: PanelState): OrbView {
  const count = waitingCount(state);
  const held = heldOnes(state).length;
  if (count > 0) {
    const title = `${count} ${count === 1 ? 'waits' : 'wait'} for you${held === 0 ? '' : ` · ${held} held`}`;
    return { mood: 'waiting', count, title, sentence: 'Look at the exact call, then answer.' };
  }
  const asked = state.inquiries.length;
  if (asked > 0) {
    const who = serverQuestionsOf(state).length === 0 ? 'An agent' : 'A server';
    const title = asked === 1 ? `${who} asks you` : `${asked} questions for you`;
    return {
      mood: 'waiting',
      count: asked,
      title,
      sentence: 'Answer below, or say that you will not.',
    };
  }
  const busy = state.turn?.step === 'running' || (state.status?.executing ?? 0) > 0;
  if (busy) return { mood: 'thinking', count: 0, title: 'Working', sentence: workSentence(state) };
  if (held > 0) {
    const sentence = 'What you hold keeps waiting, without a clock.';
    return { mood: 'held', count: held, title: `${held} held`, sentence };
  }
  return { mood: 'idle', count: 0, title: 'Ready', sentence: 'Nobody waits for you.' };
}

function workSentence(state: PanelState): string {
  const executing = state.status?.executing ?? 0;
  if (executing === 0) return 'Hob works on what you said.';
  const running = [...state.runs.values()].filter((run) => run.status === 'running');
  const [only] = running;
  if (executing > 1 || only === undefined || running.length > 1)
    return executing === 1 ? 'One call is running.' : `${executing} calls are running.`;
  return `${callLine(only.call, 60)} is running.`;
}

/** The line at the bottom: the state, how much of the agents is really covered, and what is due next. */
export function footerText(state: PanelState): string {
  const { title, mood } = orbView(state);
  const words = mood === 'waiting' || mood === 'held' ? 'Ready' : title;
  const agents = state.status?.agents;
  if (!isConnected(state) || agents === undefined) return words;
  const due = nextDue(state.schedule);
  const next = due === null ? '' : ` · next ${dueText(due, state.now)}`;
  if (agents.total === 0) return `${words} · no agents yet${next}`;
  const count = `${agents.total} ${agents.total === 1 ? 'agent' : 'agents'}`;
  return `${words} · ${count}${agents.not_gated === 0 ? '' : ` (${agents.not_gated} not gated)`}${next}`;
}

/** The three things that are worth doing on the first day. */
export interface FirstSteps {
  readonly answered: boolean;
  readonly said: boolean;
  readonly connected: boolean;
}

/** More than this has happened: whoever is here knows the way. */
const FIRST_DAY_EVENTS = 120;

/** What of the first steps is done; null once they are all done, left out, or Hob is plainly in use. */
export function firstSteps(state: PanelState): FirstSteps | null {
  if (!state.loaded || !state.complete || state.lastSeq > FIRST_DAY_EVENTS) return null;
  if (state.ui.dismissed.has(FIRST_STEPS)) return null;
  const has = (type: string): boolean => state.events.some((event) => event.event_type === type);
  const connected = state.agents.some(
    (agent) => agent.status === 'active' && agent.name !== 'demo',
  );
  const steps = { answered: has('approval.decided'), said: has('turn.understood'), connected };
  return steps.answered && steps.said && steps.connected ? null : steps;
}

/** What external servers ask the person during a call. */
export const serverQuestionsOf = ({ inquiries }: Pick<PanelState, 'inquiries'>): InquiryView[] =>
  inquiries.filter(({ during }) => during !== undefined);
