import type { DomainEventData, DomainEventType } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import type { QueuedSlot } from '#schema/views/task.ts';
import type { RunLine } from '../state/model.ts';
import { callLine } from './call.ts';
import { scopeText } from './scope.ts';
import { duration } from './time.ts';
import { visibleText } from './visible.ts';
import { whoName } from './who.ts';

export type Tone = 'good' | 'bad' | 'warn' | 'calm';

/** One event on one line. */
export interface EventLine {
  /** Name of a codicon. */
  readonly icon: string;
  readonly text: string;
  /** Who or how, said more quietly. */
  readonly aside: string;
  readonly tone: Tone;
  /** Bookkeeping: only shown when somebody wants to see everything. */
  readonly quiet: boolean;
}

/** What is known around an event, to say "npm test" instead of an id. */
export interface Surroundings {
  readonly runs: ReadonlyMap<string, RunLine>;
  readonly asked: ReadonlyMap<string, ActionCall>;
  readonly agents: ReadonlyMap<string, string>;
}

type Words = {
  [T in DomainEventType]: (
    data: DomainEventData<T>,
    event: StoredEvent,
    around: Surroundings,
  ) => EventLine;
};

const line = (
  icon: string,
  text: string,
  aside = '',
  tone: Tone = 'calm',
  quiet = false,
): EventLine => ({
  icon,
  text,
  aside,
  tone,
  quiet,
});
const quietLine = (icon: string, text: string, aside = ''): EventLine =>
  line(icon, text, aside, 'calm', true);

const runText = (id: string, around: Surroundings): string => {
  const run = around.runs.get(id);
  return run === undefined ? 'a call' : callLine(run.call);
};
const runWho = (id: string, around: Surroundings): string => around.runs.get(id)?.who ?? '';
const askedText = (id: string, around: Surroundings): string => {
  const call = around.asked.get(id);
  return call === undefined ? 'a call' : callLine(call);
};
const agentName = (id: string, around: Surroundings): string =>
  visibleText(around.agents.get(id) ?? 'an agent');

const sources = {
  panel: 'click',
  notification: 'notification',
  palette: 'command',
  voice: 'voice',
} as const;
/** How it was answered: `you, by click`. */
export const answeredBy = (source: keyof typeof sources): string => `you, by ${sources[source]}`;

const took = (result: { [key: string]: unknown }): string => {
  const ms = result['duration_ms'];
  return typeof ms === 'number' ? duration(ms) : '';
};

/** Denials that the line of their approval says already. */
const saidByItsApproval = new Set(['denied_by_person', 'approval_expired']);

const whyQueued: Record<QueuedSlot['reason'], string> = {
  now: 'A scheduled run is due',
  event: 'What a scheduled run waits for has happened',
  missed: 'A scheduled run that was missed is made up for',
  overlap: 'A scheduled run waits for the one before it',
  quiet_hours: 'A scheduled run waits for the end of the quiet hours',
};

const dropped = (left: DomainEventData<'task.deleted'>['left']): string => {
  const count = left === undefined ? 0 : left.queue.length + left.retries.length;
  return count === 0 ? '' : ` · ${count} waiting ${count === 1 ? 'run' : 'runs'} dropped`;
};

const scheduleWords: Pick<
  Words,
  Extract<DomainEventType, `task.${string}` | `scheduler.${string}`>
> = {
  'task.created': (d) =>
    d.builtin === null
      ? line('calendar', `Scheduled: ${visibleText(d.definition.name)}`, whoName(d.maker), 'good')
      : quietLine('calendar', `Upkeep scheduled: ${visibleText(d.definition.name)}`),
  'task.updated': (d) => line('calendar', `Schedule changed: ${visibleText(d.definition.name)}`),
  'task.deleted': (d) => line('calendar', 'Schedule removed', `${d.reason}${dropped(d.left)}`),
  'task.restored': () => line('discard', 'Schedule restored', 'deletion taken back', 'good'),
  'task.paused': (d) => line('debug-pause', 'Schedule paused', d.reason, 'warn'),
  'task.resumed': () => line('debug-continue', 'Schedule goes on'),
  'scheduler.slot_queued': (d) => quietLine('watch', whyQueued[d.slot.reason]),
  'scheduler.slot_claimed': (d) =>
    quietLine('play', 'Scheduled run', d.attempt > 1 ? `attempt ${d.attempt}` : ''),
  'scheduler.slot_skipped': (d) =>
    line('debug-step-over', d.count === 1 ? 'Run left out' : 'Runs left out', d.reason, 'warn'),
  'scheduler.slot_resumed': () => quietLine('play', 'Scheduled run goes on after your answer'),
  'scheduler.retry_planned': (d) =>
    quietLine('history', `Tried again later: attempt ${d.attempt}`, d.error?.message ?? ''),
  'scheduler.task_result': (d) =>
    d.outcome === 'succeeded'
      ? quietLine('check', `${visibleText(d.name)}: done`)
      : line('calendar', `${visibleText(d.name)}: ${d.outcome}`, d.reason ?? '', 'warn'),
  'scheduler.needs_user_action': (d) =>
    line('person', `${visibleText(d.name)} needs you`, d.reason, 'warn'),
  'scheduler.error': (d) => line('error', visibleText(d.name), d.message, 'bad'),
};

const answeredHow = { click: 'by click', typed: 'typed', voice: 'by voice' } as const;

const inquiryWords: Pick<Words, Extract<DomainEventType, `inquiry.${string}`>> = {
  'inquiry.asked': (d) =>
    line('comment-discussion', `Asks you: ${visibleText(d.question)}`, whoName(d.requester)),
  'inquiry.answered': (d) =>
    line('comment', `You answered: ${visibleText(d.text)}`, answeredHow[d.source], 'good'),
  'inquiry.declined': () => line('comment', 'You did not want to answer', 'by you'),
  'inquiry.cancelled': (d) => line('close', 'Question taken back', plain(d.reason)),
  'inquiry.expired': () => line('clock', 'A question went unanswered', 'nobody answered', 'warn'),
};

const toolOf = (d: { server: string; name: string }): string =>
  visibleText(`${d.server}/${d.name}`);

const serverWords: Pick<Words, Extract<DomainEventType, `server.${string}`>> = {
  'server.added': (d) => line('server', `Server added: ${d.name}`, d.isolation.level, 'good'),
  'server.removed': (d) => line('server', `Server removed: ${d.server}`, d.reason),
  'server.origins_allowed': (d) =>
    line(
      'globe',
      `Allowed for signing in at ${d.server}`,
      d.origins.map(({ origin }) => origin).join(', '),
      'good',
    ),
  'server.signed_in': (d) =>
    line('sign-in', `Signed in: ${d.server}`, visibleText(d.issuer), 'good'),
  'server.login_failed': (d) =>
    line('sign-in', `Not signed in: ${d.server}`, visibleText(d.problem), 'warn'),
  'server.question_refused': (d) =>
    line('circle-slash', `A question of ${d.server} was not answered`, d.reason, 'warn'),
  'server.signed_out': (d) => line('sign-out', `Signed out: ${d.server}`, d.reason),
  'server.started': (d) => quietLine('server', `Server started: ${d.server}`),
  'server.turned_off': (d) => line('server', `Server turned off: ${d.server}`),
  'server.turned_on': (d) => line('server', `Server turned on: ${d.server}`, '', 'good'),
  'server.stopped': (d) => quietLine('server', `Server stopped: ${d.server}`, d.reason),
  'server.failed': (d) =>
    line('server', `Server ended: ${d.server}`, visibleText(d.problem), 'warn'),
  'server.tools_pinned': (d) =>
    line('pinned', `Pinned ${d.tools.length} tools of ${d.server}`, '', 'good'),
  'server.tool_quarantined': (d) =>
    line(
      'warning',
      d.pinned_sha256 === null ? `New tool, not used: ${toolOf(d)}` : `Tool changed: ${toolOf(d)}`,
      'quarantined',
      'bad',
    ),
  'server.tool_accepted': (d) => line('pinned', `Accepted: ${toolOf(d)}`, '', 'good'),
  'server.tool_restored': (d) => quietLine('pinned', `As it was: ${toolOf(d)}`),
};

const egressEnds = { answered: 'calm', refused: 'warn', failed: 'warn', cut: 'calm' } as const;

const vaultWords: Pick<Words, Extract<DomainEventType, `vault.${string}`>> = {
  'vault.created': (d) => line('key', 'Vault made', `key in the ${d.key}`, 'good'),
  'vault.secret_set': (d) => line('key', `Secret kept: ${d.name}`),
  'vault.secret_removed': (d) => line('key', `Secret forgotten: ${d.name}`),
  'vault.secret_used': (d) => quietLine('key', `Secret used: ${d.name}`),
};

const words: Words = {
  ...vaultWords,
  'egress.request_ended': (d) =>
    line(
      'cloud',
      `${d.method} ${d.origin}`,
      d.code ?? `${d.status ?? d.outcome}`,
      egressEnds[d.outcome],
    ),
  'host.started': () => quietLine('server-process', 'Host started'),
  'host.stopped': (d) => quietLine('server-process', 'Host stopped', d.reason),
  'runtime.started': () => line('debug-continue', 'Resumed', 'by hand'),
  'runtime.stopped': (d) => line('debug-pause', 'Paused', d.reason, 'warn'),
  'lease.acquired': (d) =>
    quietLine('clock', 'This host leads the schedules', d.after === 'none' ? '' : d.after),
  'decider.enrolled': (d) => line('key', 'An editor may decide from now on', d.label),
  'decider.reset': (d) => line('key', 'All editors and permissions were reset', d.reason, 'warn'),
  'approval.requested': (d) =>
    line(
      d.danger ? 'warning' : 'question',
      `Asked: ${callLine(d.call)}`,
      whoName(d.requester),
      d.danger ? 'warn' : 'calm',
    ),
  'approval.held': (d, _e, a) =>
    line('debug-pause', `Held: ${askedText(d.approval_id, a)}`, answeredBy(d.signed.source)),
  'approval.released': (d, _e, a) =>
    line('debug-continue', `Released: ${askedText(d.approval_id, a)}`, answeredBy(d.signed.source)),
  'approval.decided': (d, _e, a) =>
    d.decision === 'approve'
      ? line(
          'pass',
          `Approved: ${askedText(d.approval_id, a)}`,
          answeredBy(d.signed.source),
          'good',
        )
      : line(
          'circle-slash',
          `Denied: ${askedText(d.approval_id, a)}`,
          answeredBy(d.signed.source),
          'bad',
        ),
  'approval.expired': (d, _e, a) =>
    line('clock', `Expired: ${askedText(d.approval_id, a)}`, 'nobody answered', 'warn'),
  'approval.cancelled': (d, _e, a) =>
    line('close', `Withdrawn: ${askedText(d.approval_id, a)}`, plain(d.reason)),
  'grant.created': (d) =>
    line('bookmark', `From now on allowed: ${visibleText(d.offer.label)}`, 'by you', 'good'),
  'grant.used': (d, _e, a) =>
    line('bookmark', `Permission used: ${runText(d.run_id, a)}`, runWho(d.run_id, a)),
  'grant.revoked': (d) => line('bookmark', 'Permission ended', d.reason),
  'run.created': (d) =>
    quietLine('circle-outline', `Called: ${callLine(d.call)}`, whoName(d.principal)),
  'run.waiting': (d, _e, a) => quietLine('watch', `Waits for you: ${runText(d.run_id, a)}`),
  'run.queued': (d, _e, a) =>
    quietLine('watch', `Goes on once a host leads: ${runText(d.run_id, a)}`),
  'run.resumed': (d, _e, a) => quietLine('play', `Goes on: ${runText(d.run_id, a)}`),
  'run.started': (d, _e, a) =>
    quietLine('play', `Started: ${runText(d.run_id, a)}`, runWho(d.run_id, a)),
  'run.succeeded': (d, _e, a) =>
    line(
      'check',
      runText(d.run_id, a),
      [took(d.result), runWho(d.run_id, a)].filter(Boolean).join(' · '),
      'good',
    ),
  'run.failed': (d, _e, a) =>
    line('error', `Failed: ${runText(d.run_id, a)}`, d.error.message, 'bad'),
  'run.denied': (d, _e, a) => ({
    ...line('circle-slash', `Stopped: ${runText(d.run_id, a)}`, d.reason, 'bad'),
    quiet: saidByItsApproval.has(d.reason_code),
  }),
  'run.cancelled': (d, _e, a) => line('close', `Cancelled: ${runText(d.run_id, a)}`, d.reason),
  'run.interrupted': (d, _e, a) =>
    line('debug-disconnect', `Interrupted: ${runText(d.run_id, a)}`, d.reason, 'bad'),
  'toolcall.requested': (d) => quietLine('tools', `Tool called: ${visibleText(d.tool)}`),
  'toolcall.succeeded': (d, _e, a) => quietLine('tools', `Tool done: ${runText(d.run_id, a)}`),
  'toolcall.failed': (d) => quietLine('tools', 'Tool failed', d.error.message),
  'artifact.created': (d) => quietLine('file', `Kept: ${visibleText(d.name)}`),
  'turn.opened': () => quietLine('mic', 'Somebody began to talk'),
  'turn.heard': (d) =>
    d.accepted
      ? quietLine('unmute', `Heard: “${visibleText(d.text)}”`)
      : line('question', `Heard, not understood: “${visibleText(d.text)}”`, 'you'),
  'turn.decision_heard': (d, _e, a) =>
    quietLine('unmute', `Heard “${visibleText(d.transcript)}”`, askedText(d.approval_id, a)),
  'turn.question_asked': (d) => quietLine('megaphone', `Asked aloud: ${visibleText(d.text)}`),
  'turn.question_closed': (d, _e, a) =>
    quietLine('megaphone', `No longer asked aloud: ${askedText(d.approval_id, a)}`, d.reason),
  'turn.started': (d) =>
    line(
      d.source === 'voice' ? 'mic' : 'comment',
      `“${visibleText(d.text)}”`,
      d.source === 'agent' ? 'an agent' : 'you',
    ),
  'turn.understood': (d) =>
    quietLine('lightbulb', d.match === null ? 'Not understood' : `Understood: ${d.match.phrase}`),
  'turn.answered': (d) => quietLine('comment-discussion', visibleText(d.text)),
  'turn.cancelled': (d) => line('close', 'Sentence cancelled', d.reason),
  ...inquiryWords,
  ...scheduleWords,
  ...serverWords,
  'policy.kill_switch_set': (d) =>
    d.on
      ? line('stop-circle', 'Kill switch on: nothing starts', d.reason, 'bad')
      : line('stop-circle', 'Kill switch off', d.reason, 'good'),
  'config.patched': (d) =>
    line('settings-gear', `Settings changed: ${Object.keys(d.changes).join(', ')}`),
  'orb.palette_set': () => quietLine('symbol-color', 'Colours of the orb set'),
  'orb.palette_cleared': () => quietLine('symbol-color', 'Colours of the orb cleared'),
  'notification.shown': (d, e) => line('bell', visibleText(d.title), whoName(e.actor)),
  'agent.added': (d) => line('robot', `Agent added: ${visibleText(d.display)}`),
  'agent.connected': (d, _e, a) =>
    line('plug', `Connected: ${agentName(d.agent_id, a)}`, '', 'good'),
  'agent.disconnected': (d, _e, a) => line('plug', `Disconnected: ${agentName(d.agent_id, a)}`),
  'agent.coverage_changed': (d, _e, a) =>
    d.coverage.gated
      ? line('shield', `${agentName(d.agent_id, a)} is gated`, '', 'good')
      : line('shield', `${agentName(d.agent_id, a)} is not gated any more`, '', 'warn'),
  'agent.seen': (d, _e, a) => quietLine('pulse', `${agentName(d.agent_id, a)} was heard`, d.via),
  'agent.revoked': (d, _e, a) =>
    line('robot', `Agent revoked: ${agentName(d.agent_id, a)}`, d.reason, 'warn'),
  'agent.token_issued': (d, _e, a) => line('key', `Token made for ${agentName(d.agent_id, a)}`),
  'capability.granted': (d, _e, a) =>
    line(
      'key',
      d.approval_id === null
        ? `Token of ${agentName(d.agent_id, a)} is limited`
        : `Token of ${agentName(d.agent_id, a)} is good for more`,
      scopeText(d.scope),
    ),
  'capability.revoked': (d, _e, a) =>
    line('key', `Token of ${agentName(d.agent_id, a)} ended`, d.reason, 'warn'),
};

/** Codes of why something ended, in words. */
function plain(reason: string): string {
  const known: Record<string, string> = {
    requester_gone: 'the agent left',
    nobody_there: 'no editor window was open',
    run_cancelled: 'its run was cancelled',
    kill_switch: 'the kill switch',
    agent_revoked: 'the agent was revoked',
    'taken back': 'by the agent',
  };
  return known[reason] ?? reason;
}

/** An event in words. What a newer host adds is named, and what was erased says so. */
export function eventLine(event: StoredEvent, around: Surroundings): EventLine {
  if (event.data === null) return line('eraser', `${event.event_type} (content erased)`);
  const say = words[event.event_type as DomainEventType] as
    | ((data: unknown, event: StoredEvent, around: Surroundings) => EventLine)
    | undefined;
  return say === undefined
    ? quietLine('circle-outline', event.event_type)
    : say(event.data, event, around);
}
