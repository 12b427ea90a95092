import type { Principal } from '#schema/envelope/principal.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import type { InquiryView } from '#schema/views/inquiry.ts';
import type { IntentMatch } from '#schema/views/intent.ts';
import type { AnswerKind } from '#host/intents/core/intent-row.ts';
import { isoTime, type Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { inquiriesProjection } from '#host/inquiries/projection.ts';
import { approvalsProjection } from '#host/policy/projections.ts';
import { runsProjection } from '#host/runs/projections.ts';
import type { EventStore } from '#host/store/ports.ts';
import { callInWords } from './core/call-of.ts';
import {
  help,
  hold,
  periodStart,
  statusInWords,
  toldEvents,
  whatHappened,
  whoIsWaiting,
  why,
  type Answer,
} from './core/answer.ts';
import type { KillSwitch, Speaker, StatusSource, VisibleAmong, Workspaces } from './ports.ts';

export interface QuestionsOptions {
  store: EventStore;
  clock: Clock;
  workspaces: Workspaces;
  killSwitch: KillSwitch;
  status: StatusSource;
  visibleAmong: VisibleAmong;
}

/** How far back a question looks. Reading more costs more than anybody listens to. */
const EVENTS_READ = 500;
const NEWEST = 20;

/** An agent is told of its own. */
const ownOf = ({ kind, id }: Principal): { principal_id?: string } =>
  kind === 'agent' ? { principal_id: id } : {};

/** Answers what is asked about Hob itself, from what is stored. */
export class Questions {
  readonly #o: QuestionsOptions;

  constructor(options: QuestionsOptions) {
    this.#o = options;
  }

  /** Throws `role_refused` when an agent pulls the kill switch, and `decider_required` for releasing it. */
  async answer(kind: AnswerKind, match: IntentMatch, speaker: Speaker): Promise<Answer> {
    const answers: Record<AnswerKind, () => Promise<Answer> | Answer> = {
      what_happened: () => this.#whatHappened(match, speaker.principal),
      why: () => this.#why(speaker.principal),
      who_is_waiting: () => this.#whoIsWaiting(speaker.principal),
      hold: async () => hold(await this.#waiting(speaker.principal)),
      status: async () => statusInWords(await this.#o.status.status()),
      help: () => help(this.#o.workspaces.tasks(speaker.workspace_id)),
      kill_switch_on: () => this.#killSwitchOn(speaker),
      kill_switch_off: () => {
        throw new HobError('decider_required', {
          message: 'Words cannot turn the kill switch off; do it in the editor.',
        });
      },
    };
    return answers[kind]();
  }

  async #whatHappened(match: IntentMatch, principal: Principal): Promise<Answer> {
    const since = periodStart(match, this.#o.clock.now());
    const newest = await this.#newest(toldEvents, principal);
    const wanted =
      since === null
        ? newest.slice(0, NEWEST)
        : newest.filter((event) => Date.parse(event.recorded_at) >= since);
    const events = wanted.toReversed();
    return whatHappened(
      events,
      await this.#callsOf(events),
      since === null ? null : isoTime(since),
    );
  }

  async #why(principal: Principal): Promise<Answer> {
    const [event] = await this.#newest(['run.denied', 'run.waiting'], principal);
    const run =
      event === undefined
        ? null
        : await this.#o.store.document(runsProjection, event.stream.stream_id);
    return why(event ?? null, run);
  }

  async #whoIsWaiting(principal: Principal): Promise<Answer> {
    const approvals = await this.#waiting(principal);
    const inquiries = await this.#asking(principal);
    const streams = [
      ...approvals.map(({ approval_id: id }) => ({ stream_type: 'approval', stream_id: id })),
      ...inquiries.map(({ inquiry_id: id }) => ({ stream_type: 'inquiry', stream_id: id })),
    ];
    const asked = new Map<string, number>();
    for (const stream of streams) {
      const [first] = await this.#o.store.load(stream);
      if (first !== undefined) asked.set(stream.stream_id, first.seq);
    }
    return whoIsWaiting(approvals, inquiries, asked);
  }

  async #killSwitchOn({ principal }: Speaker): Promise<Answer> {
    if (principal.kind === 'agent')
      throw new HobError('role_refused', { message: 'An agent may not use the kill switch.' });
    await this.#o.killSwitch.turnOn('said so', principal);
    return {
      reply: 'The kill switch is on: nothing starts until you turn it off in the editor.',
      event_seqs: [],
      result: { kill_switch: true },
    };
  }

  #waiting(principal: Principal): Promise<ApprovalView[]> {
    return this.#o.store.documents(approvalsProjection, {
      where: { status: ['pending', 'held'], ...ownOf(principal) },
      order: 'asc',
      limit: 50,
    });
  }

  #asking(principal: Principal): Promise<InquiryView[]> {
    return this.#o.store.documents(inquiriesProjection, {
      where: { status: 'open', ...ownOf(principal) },
      order: 'asc',
      limit: 50,
    });
  }

  /** Newest first. */
  async #newest(types: readonly string[], principal: Principal): Promise<StoredEvent[]> {
    const events = await this.#o.store.query({
      event_type: types,
      order: 'desc',
      limit: EVENTS_READ,
    });
    return this.#o.visibleAmong(principal, events);
  }

  async #callsOf(events: readonly StoredEvent[]): Promise<Map<string, string>> {
    const ids = new Set(
      events
        .filter((event) => event.stream.stream_type === 'run')
        .map((event) => event.stream.stream_id),
    );
    const calls = new Map<string, string>();
    for (const id of ids) {
      const run = await this.#o.store.document(runsProjection, id);
      if (run !== null) calls.set(id, callInWords(run.call));
    }
    return calls;
  }
}
