import type { RuntimeStatus } from '#schema/commands/runtime.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { DomainEventData, DomainEventType } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import type { IntentMatch } from '#schema/views/intent.ts';
import type { InquiryView } from '#schema/views/inquiry.ts';
import type { RunView } from '#schema/views/run.ts';
import { intentTable } from '#host/intents/core/table.ts';
import { cited } from './citation.ts';
import { callInWords } from './call-of.ts';

/** What Hob says from its own state. Every sentence about the past names the event that it comes from. */
export interface Answer {
  reply: string;
  event_seqs: number[];
  result: JsonObject;
}

/** Events that somebody who was away wants to hear of, and how they are told. */
type Telling = { [type: string]: (event: StoredEvent, call: string) => string };

const data = <T extends DomainEventType>(event: StoredEvent, _type: T): DomainEventData<T> =>
  event.data as unknown as DomainEventData<T>;

const tellings: Telling = {
  'run.succeeded': (_event, call) => `Done: ${call}`,
  'run.failed': (event, call) => `Failed: ${call}: ${data(event, 'run.failed').error.message}`,
  'run.denied': (event, call) => `Not allowed: ${call}: ${data(event, 'run.denied').reason}`,
  'run.cancelled': (_event, call) => `Cancelled: ${call}`,
  'run.interrupted': (_event, call) => `Cut off by the end of the host: ${call}`,
  'run.waiting': (_event, call) => `Asked: ${call}`,
  'run.resumed': (_event, call) => `Approved: ${call}`,
  'inquiry.asked': (event) =>
    `${data(event, 'inquiry.asked').requester.display} asked you: ${data(event, 'inquiry.asked').question}`,
  'inquiry.answered': (event) => `You answered: ${data(event, 'inquiry.answered').text}`,
  'inquiry.declined': () => 'You did not want to answer a question',
  'inquiry.expired': () => 'A question went unanswered',
  'grant.created': (event) =>
    `New standing permission: ${data(event, 'grant.created').offer.label}`,
  'grant.revoked': () => 'A standing permission was revoked',
  'policy.kill_switch_set': (event) =>
    `Kill switch ${data(event, 'policy.kill_switch_set').on ? 'on' : 'off'}: ${data(event, 'policy.kill_switch_set').reason}`,
  'runtime.stopped': (event) => `Hob was paused: ${data(event, 'runtime.stopped').reason}`,
  'runtime.started': () => 'Hob was resumed',
  'config.patched': () => 'Settings were changed',
  'agent.added': (event) => `${data(event, 'agent.added').display} was connected`,
  'agent.revoked': () => 'An agent was disconnected',
  'decider.enrolled': (event) => `${data(event, 'decider.enrolled').label} may decide from now on`,
};
export const toldEvents: readonly string[] = Object.keys(tellings);

const MOST_SENTENCES = 8;

/** What happened, oldest first; `calls` names the call of each run. Only the newest few are said. */
export function whatHappened(
  events: readonly StoredEvent[],
  calls: ReadonlyMap<string, string>,
  since: string | null,
): Answer {
  const told = events.filter((event) => event.data !== null);
  const said = told
    .slice(-MOST_SENTENCES)
    .map((event) => ({ seq: event.seq, at: event.recorded_at, text: sentenceOf(event, calls) }));
  const more = told.length - said.length;
  const head =
    told.length === 0
      ? 'Nothing happened'
      : more > 0
        ? `${told.length} things happened; the last ${said.length}`
        : 'This happened';
  const body = said.map(({ text, seq }) => cited(ended(text), seq)).join(' ');
  return {
    reply: told.length === 0 ? `${head}.` : `${head}: ${body}`,
    event_seqs: said.map(({ seq }) => seq),
    result: { since, total: told.length, sentences: said },
  };
}

function sentenceOf(event: StoredEvent, calls: ReadonlyMap<string, string>): string {
  const tell = tellings[event.event_type];
  return tell === undefined
    ? event.event_type
    : tell(event, calls.get(event.run_id ?? event.stream.stream_id) ?? 'a call');
}

/** Why the newest call was stopped or asks, in the words and with the code of the rule that decided. */
export function why(event: StoredEvent | null, run: RunView | null): Answer {
  if (event === null || run === null)
    return { reply: 'Nothing was stopped, and nothing waits.', event_seqs: [], result: {} };
  const call = callInWords(run.call);
  const denied = event.event_type === 'run.denied' ? data(event, 'run.denied') : null;
  const reason = denied?.reason ?? run.policy.reason;
  const code = denied?.reason_code ?? run.policy.reason_code;
  const danger =
    run.policy.danger_reasons.length === 0 ? '' : ` It ${run.policy.danger_reasons.join('; it ')}.`;
  const verb = denied === null ? 'asks' : 'was not allowed';
  const reply = cited(`${call} ${verb}: ${reason}${danger} (${code})`, event.seq);
  return {
    reply,
    event_seqs: [event.seq],
    result: {
      run_id: run.run_id,
      status: run.status,
      reason_code: code,
      reason,
      danger_reasons: run.policy.danger_reasons,
    },
  };
}

/** Who waits for the person, and for what. `asked` names the event that asked each question. */
export function whoIsWaiting(
  approvals: readonly ApprovalView[],
  inquiries: readonly InquiryView[],
  asked: ReadonlyMap<string, number>,
): Answer {
  const lines = [
    ...approvals.map((a) => {
      const held = a.status === 'held' ? ' (held)' : '';
      const words = `${a.requester.display} waits${held}: ${callInWords(a.call)}.`;
      return cited(words, asked.get(a.approval_id));
    }),
    ...inquiries.map(({ inquiry_id, requester, question }) =>
      cited(`${requester.display} asks you: ${ended(question)}`, asked.get(inquiry_id)),
    ),
  ];
  return {
    reply: lines.length === 0 ? 'Nobody waits.' : lines.join(' '),
    event_seqs: [...asked.values()],
    result: {
      waiting: approvals.map((a) => ({
        approval_id: a.approval_id,
        requester: a.requester.display,
        call: callInWords(a.call),
        status: a.status,
      })),
      asking: inquiries.map(({ inquiry_id, requester, question }) => ({
        inquiry_id,
        requester: requester.display,
        question,
      })),
    },
  };
}

/** A sentence ends once, whoever wrote it. */
export const ended = (text: string): string =>
  /[.?!]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;

/**
 * Stopping the clock of a question is signed like a decision, so a sentence only names the one
 * question that is meant (`result.hold`); an editor that may decide signs the hold and sends it.
 */
export function hold(approvals: readonly ApprovalView[]): Answer {
  const pending = approvals.filter((a) => a.status === 'pending');
  const [only] = pending;
  if (only === undefined)
    return { reply: 'Nothing waits that could be held.', event_seqs: [], result: { hold: null } };
  if (pending.length > 1)
    return {
      reply: `${pending.length} calls wait; hold the one you mean on its card.`,
      event_seqs: [],
      result: { hold: null },
    };
  return {
    reply: `${callInWords(only.call)} waits; an editor that may decide can hold it.`,
    event_seqs: [],
    result: { hold: { approval_id: only.approval_id, call_hash: only.call_hash } },
  };
}

/** Where Hob stands, in one or two sentences. */
export function statusInWords(status: RuntimeStatus): Answer {
  const waiting = status.waiting + status.held;
  const parts = [
    status.kill_switch ? 'The kill switch is on: nothing starts.' : `Hob is ${status.state}.`,
    status.problem,
    waiting === 0 ? 'Nobody waits.' : `${waiting} ${waiting === 1 ? 'waits' : 'wait'} for you.`,
    status.executing > 0 ? `${status.executing} executing.` : null,
    `${status.agents.total} ${status.agents.total === 1 ? 'agent' : 'agents'}${status.agents.not_gated > 0 ? `, ${status.agents.not_gated} not gated` : ''}.`,
  ];
  return {
    reply: parts.filter((part) => part !== null).join(' '),
    event_seqs: [],
    result: { ...status },
  };
}

/** What can be said. */
export function help(tasks: readonly string[]): Answer {
  const phrases = intentTable
    .filter(({ becomes }) => becomes.kind !== 'decision_word')
    .map(({ phrases: [first] }) => plain(typeof first === 'string' ? first : first.say));
  // The grammar of schedules stands in no table, and is not listened for: a new one is typed.
  const timed = ['remind me in 20 minutes', 'run the tests every weekday at nine'];
  const named = tasks.slice(0, 5).map((task) => `run task ${task}`);
  return {
    reply: `Say: ${[...phrases, ...named].join(' · ')}. Type: ${timed.join(' · ')}.`,
    event_seqs: [],
    result: { phrases: [...phrases, ...timed, ...named] },
  };
}

/** "(find|search) [for] {query:text} in files" → "find … in files". */
const plain = (phrase: string): string =>
  phrase
    .replace(/\[[^\]]*\] ?/g, '')
    .replace(/\(([^|)]*)[^)]*\)/g, '$1')
    .replace(/\{(\w+):\w+\}/g, (_all, name: string) => name.toUpperCase())
    .trim();

/** The start of the period that a question names, milliseconds; null for "the newest". */
export function periodStart(match: IntentMatch, now: number): number | null {
  const { minutes, hours, today, this_week } = match.slots;
  if (typeof minutes === 'number') return now - minutes * 60_000;
  if (typeof hours === 'number') return now - hours * 3_600_000;
  if (this_week !== undefined) return mondayOf(now);
  return today === undefined ? null : new Date(now).setHours(0, 0, 0, 0);
}

/** The start of the week, Monday 00:00 here, also over a change of the clocks. */
function mondayOf(now: number): number {
  const day = new Date(now);
  day.setHours(0, 0, 0, 0);
  return day.setDate(day.getDate() - ((day.getDay() + 6) % 7));
}
