import type { SayResult } from '#schema/commands/conversation.ts';
import type { CommandPayload } from '#schema/commands/registry.ts';
import type { RunView } from '#schema/views/run.ts';
import type { Becomes, Vocabulary } from '#host/intents/core/intent-row.ts';
import { becomesOf, understand, type Understanding } from '#host/intents/core/understand.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Gate } from '#host/policy/gate.ts';
import type { Crypto } from '#host/policy/ports.ts';
import { endedRunStatuses, runStatuses } from '#schema/views/run.ts';
import { runsProjection } from '#host/runs/projections.ts';
import {
  Beginnings,
  contextOf,
  streamOf,
  type Heard,
  type Turn,
  type TurnEvent,
} from './beginning.ts';
import { callInWords, callOf, type SaidCall } from './core/call-of.ts';
import { notUnderstood, outcomeOf, replyTo, statusOf } from './core/reply.ts';
import type { Speaker } from './ports.ts';
import { Questions, type QuestionsOptions } from './questions.ts';
import { Schedules, type SchedulesOptions } from './schedules.ts';

export interface ConversationOptions extends QuestionsOptions {
  gate: Gate;
  ids: IdSource;
  crypto: Crypto;
  /** Sentences about what happens by the clock. */
  schedules: SchedulesOptions;
}

type Payload = CommandPayload<'conversation.inject_text'>;

/** Sentences in, through the same gate as everything else, and what became of them out. */
export class ConversationService {
  readonly #o: ConversationOptions;
  readonly #questions: Questions;
  readonly #schedules: Schedules;
  readonly #beginnings: Beginnings;

  constructor(options: ConversationOptions) {
    this.#o = options;
    this.#questions = new Questions(options);
    this.#schedules = new Schedules(options.schedules);
    this.#beginnings = new Beginnings(options);
  }

  /**
   * Understands one sentence and does it. `wait_ms` bounds the wait for its end; then the status is
   * `pending`. Throws `approval_source_refused` for words that sound like a decision, whoever says
   * them, and what the gate throws.
   */
  async injectText(
    payload: Payload,
    said: Speaker,
    heard: Heard | null = null,
  ): Promise<SayResult> {
    const speaker = {
      ...said,
      workspace_id: this.#o.workspaces.resolve(said.workspace_id, payload.window_id),
    };
    const names = {
      tasks: this.#o.workspaces.tasks(speaker.workspace_id),
      commands: this.#o.workspaces.commands(speaker.workspace_id),
    };
    const understanding =
      heard === null || heard.accepted
        ? understand(payload.text, { ...names, ...(await this.#schedules.vocabulary(speaker)) })
        : notSure(heard.closest, names);
    heard?.onUnderstood(understanding);
    const becomes = understanding.match === null ? undefined : becomesOf(understanding.match.name);
    if (payload.dry_run) return this.#dryRun(payload, speaker, understanding, becomes);
    const turn = await this.#beginnings.begin({ payload, speaker, understanding, heard }, becomes);
    if (becomes?.kind === 'decision_word' || understanding.schedule?.kind === 'decision') {
      await this.#append(turn, {
        type: 'turn.cancelled',
        data: { turn_id: turn.id, reason: 'approval_source_refused' },
      });
      throw new HobError('approval_source_refused');
    }
    return this.#act(turn, becomes);
  }

  /** The names that a sentence of this speaker may hold. */
  async names(
    speaker: Speaker,
    windowId: string | undefined,
  ): Promise<Required<Pick<Vocabulary, 'tasks' | 'commands' | 'schedules'>>> {
    const { workspaces } = this.#o;
    const workspace_id = workspaces.resolve(speaker.workspace_id, windowId);
    const { schedules = [] } = await this.#schedules.vocabulary({ ...speaker, workspace_id });
    return {
      tasks: workspaces.tasks(workspace_id),
      commands: workspaces.commands(workspace_id),
      schedules,
    };
  }

  /** Answers a sentence that asks, for a run that asks it later. Throws `invalid_payload` for one that does something. */
  async answerFor(text: string, run: RunView): Promise<string> {
    const { match } = understand(text, { tasks: [] });
    const becomes = match === null ? undefined : becomesOf(match.name);
    if (match === null || becomes?.kind !== 'answer')
      throw new HobError('invalid_payload', { message: 'This sentence asks nothing.' });
    const { principal, workspace_id, correlation_id, run_id } = run;
    const said = {
      principal,
      role: principal.role,
      connection_id: '',
      closed: new AbortController().signal,
      workspace_id,
      correlation_id,
      causation_id: run_id,
      idempotency_key: null,
    };
    return (await this.#questions.answer(becomes.answer, match, said)).reply;
  }

  /** Cancels a turn and its run. Without an id: the newest turn of this principal that has not ended. */
  async cancel(turnId: string | undefined, speaker: Speaker): Promise<string[]> {
    const open = runStatuses.filter((status) => !endedRunStatuses.includes(status));
    const which =
      turnId === undefined ? { principal_id: speaker.principal.id } : { trigger_ref: turnId };
    const where = { trigger_kind: 'sentence', status: open, ...which };
    const [run] = await this.#o.store.documents(runsProjection, { where, order: 'desc', limit: 1 });
    const id = run?.trigger.ref ?? null;
    if (run === undefined || id === null) return [];
    const ended = await this.#o.gate.cancel(
      run.run_id,
      speaker.principal,
      'cancelled by the one who said it',
    );
    if (ended.status !== 'cancelled') return [];
    await this.#appendTo(id, speaker, {
      type: 'turn.cancelled',
      data: { turn_id: id, reason: 'cancelled' },
    });
    return [id];
  }

  async #act(turn: Turn, becomes: Becomes | undefined): Promise<SayResult> {
    const { match } = turn.understanding;
    // What it changes names it as the cause: so clients know which sentence a deletion takes back.
    const { window_id = null } = turn.payload;
    const speaker = { ...turn.speaker, causation_id: turn.id, window_id };
    const about = await this.#schedules.about(turn.understanding, becomes, speaker, true);
    if (about !== null) {
      const { reply, event_seqs, result, understood } = about;
      await this.#answered(turn, reply, null, event_seqs);
      const status = understood ? 'answered' : 'not_understood';
      return { ...this.#said(turn), status, reply, event_seqs, result };
    }
    if (match === null || becomes === undefined) return this.#notUnderstood(turn);
    const call = callOf(match, becomes);
    if (call !== null) return this.#run(turn, call);
    if (becomes.kind !== 'answer') throw new HobError('internal_error');
    const { reply, event_seqs, result } = await this.#questions.answer(
      becomes.answer,
      match,
      turn.speaker,
    );
    await this.#answered(turn, reply, null, event_seqs);
    return { ...this.#said(turn), status: 'answered', reply, event_seqs, result };
  }

  async #notUnderstood(turn: Turn): Promise<SayResult> {
    const reply = notUnderstood(turn.payload.text, turn.understanding.closest);
    await this.#answered(turn, reply, null, []);
    return { ...this.#said(turn), status: 'not_understood', reply };
  }

  async #run(turn: Turn, { call, runner }: SaidCall): Promise<SayResult> {
    const { speaker, payload } = turn;
    const started = await this.#beginnings.submit(turn, {
      principal: speaker.principal,
      workspace_id: speaker.workspace_id,
      call,
      trigger: { kind: 'sentence', ref: turn.id },
      runner,
      task: payload.text.slice(0, 512),
      correlation_id: speaker.correlation_id,
      causation_id: turn.id,
      dedupe_key: null,
      idempotency_key: speaker.idempotency_key,
      connection_id: speaker.connection_id,
    });
    if (started.status === 'waiting_for_approval') turn.heard?.onWaiting(started);
    const run = endedRunStatuses.includes(started.status)
      ? started
      : await this.#o.gate.settled(started.run_id, payload.wait_ms, speaker.closed);
    const reply = replyTo(run);
    const outcome = outcomeOf(run);
    await this.#answered(turn, reply, run, await this.#eventsOf(run));
    return {
      ...this.#said(turn),
      status: statusOf(run),
      decision: run.policy,
      run_id: run.run_id,
      approval_id: run.approval_id,
      reply,
      ...(outcome === reply ? {} : { outcome }),
      result: run.result,
      error: run.error,
    };
  }

  async #dryRun(
    payload: Payload,
    speaker: Speaker,
    understanding: Understanding,
    becomes: Becomes | undefined,
  ): Promise<SayResult> {
    if (becomes?.kind === 'decision_word') throw new HobError('approval_source_refused');
    const said = {
      ...this.#said({ id: '', payload, understanding }),
      turn_id: null,
    };
    const { window_id = null } = payload;
    const asker = { ...speaker, window_id };
    const about = await this.#schedules.about(understanding, becomes, asker, false);
    if (about !== null) {
      const { reply, result, understood } = about;
      return { ...said, status: understood ? 'dry_run' : 'not_understood', reply, result };
    }
    const { match, closest } = understanding;
    if (match === null || becomes === undefined)
      return { ...said, status: 'not_understood', reply: notUnderstood(payload.text, closest) };
    const would = callOf(match, becomes);
    if (would === null)
      return { ...said, status: 'dry_run', reply: `I would answer: ${match.phrase}.` };
    const decision = await this.#o.gate.evaluate({
      principal: speaker.principal,
      workspace_id: speaker.workspace_id,
      call: would.call,
    });
    const verb = {
      allow: 'It would be done',
      deny: 'It would not be done',
      require_approval: 'It would ask first',
    }[decision.decision];
    return {
      ...said,
      status: 'dry_run',
      decision,
      reply: `${verb}: ${callInWords(would.call)}. ${decision.reason}`,
    };
  }

  #answered(turn: Turn, text: string, run: RunView | null, event_seqs: number[]): Promise<void> {
    return this.#append(turn, {
      type: 'turn.answered',
      data: { turn_id: turn.id, text, run_id: run?.run_id ?? null, event_seqs },
    });
  }

  #append(turn: Turn, event: TurnEvent): Promise<void> {
    return this.#appendTo(turn.id, turn.speaker, event);
  }

  async #appendTo(turnId: string, speaker: Speaker, event: TurnEvent): Promise<void> {
    await this.#o.store.transact(async (tx) =>
      tx.append(streamOf(turnId), 'any', [event], contextOf(speaker)),
    );
  }

  async #eventsOf(run: RunView): Promise<number[]> {
    const events = await this.#o.store.query({
      stream_type: 'run',
      stream_id: run.run_id,
      limit: 50,
    });
    return events.map(({ seq }) => seq);
  }

  #said({ id, payload, understanding }: Pick<Turn, 'id' | 'payload' | 'understanding'>): SayResult {
    const { match, closest } = understanding;
    return {
      turn_id: id,
      transcript: payload.text,
      intent: match,
      closest,
      decision: null,
      run_id: null,
      approval_id: null,
      status: 'answered',
      reply: '',
      event_seqs: [],
      result: null,
      error: null,
    };
  }
}

/** What a sentence might have been that the recogniser is not sure of. It never matches. */
function notSure(phrases: readonly string[], names: Vocabulary): Understanding {
  const closest = phrases.flatMap((phrase) => understand(phrase, names).match ?? []);
  const said = closest.map(({ name, phrase }) => `${name} ${phrase}`);
  return { match: null, closest: closest.filter((_, at) => said.indexOf(said[at] ?? '') === at) };
}
