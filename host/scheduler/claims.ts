import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { TaskView } from '#schema/views/task.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { Gate } from '#host/policy/gate.ts';
import type { Submission } from '#host/policy/submission.ts';
import type { EventStore, StoreTransaction } from '#host/store/ports.ts';
import { callOfTask, type TaskCall } from './core/action.ts';
import { claimableAtOnce, repeated, type Claimable } from './core/plan.ts';
import { runKey } from './core/run-key.ts';
import {
  makerRevoked,
  meansNothing,
  notTriedAgain,
  notUnderstood,
  type Refusal,
} from './core/refusals.ts';
import { slotsProjection, tasksProjection } from './projections.ts';
import { contextOf, slotStream, taskStream } from './streams.ts';

/** The lease as a claim sees it. */
export interface Lead {
  /** The number of this term; null while another host leads. */
  fencing(): number | null;
  /** Inside a transaction that starts something: throws `not_leader`. */
  toStart(tx: StoreTransaction): Promise<void>;
}

export interface SlotClaimsOptions {
  store: EventStore;
  gate: Gate;
  host: Principal;
  lead: Lead;
  /** Why a maker has no rights any more, in words; null when it has. */
  revoked: (tx: StoreTransaction, maker: Principal) => Promise<string | null>;
  /** Told of each task before its run is made. */
  remember: (task: TaskView) => void;
  /** What a sentence means now; null when it is not understood. */
  understand: (text: string, workspaceId: string) => TaskCall | null;
}

interface Claim {
  run_key: string;
  run_id: string;
  attempt: number;
  generation: number;
}

/** A slot that can be claimed as soon as it is due: everything that does not need the moment is done. */
export interface Offer {
  readonly task: TaskView;
  /** The moment in which it is due. */
  readonly at: number;
  /** When the task is due after it, in milliseconds. */
  readonly until: number;
  readonly submission: Submission;
}

/** What was worked out for a moment counts for as long after it. */
const FRESH_MS = 1_000;

/** Why a slot cannot be claimed, found inside the transaction that would have. */
class NotClaimed extends Error {
  readonly found: 'changed' | 'repeated' | { revoked: string };

  constructor(found: NotClaimed['found']) {
    super('the slot cannot be claimed');
    this.found = found;
  }
}

/** Slots become runs here, each once: its claim is the first event of its stream, where the run is created. */
export class SlotClaims {
  readonly #o: SlotClaimsOptions;

  constructor(options: SlotClaimsOptions) {
    this.#o = options;
  }

  /** Makes the run of a slot, with its claim in the same transaction, or records why there is none. */
  async claim(task: TaskView, slot: Claimable, attempt: number): Promise<void> {
    const { task_id } = task;
    const started = task.active.find((a) => a.scheduled_at === slot.scheduled_at);
    const generation = started?.generation ?? task.generation;
    const run_key = runKey({ task_id, ...slot, generation });
    const call = this.#callOf(task);
    if ('code' in call) return this.#giveUp(task, slot, run_key, call);
    const found = await this.#submit(task, call, run_key, (tx, run_id) =>
      this.#write(tx, task, slot, { run_key, run_id, attempt, generation }),
    );
    if (found !== null) await this.#say(task, slot, found);
  }

  /**
   * The same for a slot that will be due at `at` and needs no place in the queue: one event and one transaction
   * instead of two, and worked out before its moment. Null where it cannot be claimed like that. What a sentence
   * means is not known before.
   */
  offer(task: TaskView, at: number): Offer | null {
    const slot = task.action.kind === 'sentence' ? null : claimableAtOnce(task, at);
    if (slot === null) return null;
    const call = this.#callOf(task);
    if ('code' in call) return null;
    const { task_id, generation } = task;
    const { next_due, ...claimed } = slot;
    const run_key = runKey({ task_id, ...claimed, generation });
    const submission = submissionOf(task, call, run_key, (tx, run_id) =>
      this.#write(tx, task, claimed, { run_key, run_id, attempt: 1, generation }, next_due),
    );
    return { task, at, until: next_due === null ? Infinity : Date.parse(next_due), submission };
  }

  /** Claims what was offered. Resolves to the tasks that still have to be looked at, each for itself. */
  async claimOffered(offers: readonly Offer[], now: number): Promise<TaskView[]> {
    const fresh = offers.filter(({ at, until }) => now - at < FRESH_MS && now < until);
    for (const { task } of fresh) this.#remember(task);
    const made = await this.#o.gate.submitAll(fresh.map(({ submission }) => submission));
    const claimed = new Set(fresh.filter((_, i) => made[i]?.status === 'fulfilled'));
    return offers.filter((offer) => !claimed.has(offer)).map(({ task }) => task);
  }

  #remember(task: TaskView): void {
    if (task.folders.length > 0) this.#o.remember(task);
  }

  /** Makes the run in the task's name. Why its claim was not written, or null. */
  async #submit(
    task: TaskView,
    call: TaskCall,
    run_key: string,
    claim: (tx: StoreTransaction, run_id: string) => Promise<void>,
  ): Promise<NotClaimed['found'] | null> {
    this.#remember(task);
    try {
      await this.#o.gate.submit(submissionOf(task, call, run_key, claim));
      return null;
    } catch (failure) {
      if (failure instanceof NotClaimed) return failure.found;
      throw failure;
    }
  }

  /** What the task means at this moment, or why nothing can be made of it any more. */
  #callOf(task: TaskView): TaskCall | Refusal {
    const { action, workspace_id } = task;
    try {
      return (
        (action.kind === 'sentence'
          ? this.#o.understand(action.text, workspace_id)
          : callOfTask(task)) ?? notUnderstood
      );
    } catch (failure) {
      if (failure instanceof HobError) return failure;
      throw failure;
    }
  }

  /**
   * Appends the claim. With `nextDue` it takes a slot that has no place in the queue, and then the task must be
   * just as it was.
   */
  async #write(
    tx: StoreTransaction,
    known: TaskView,
    { scheduled_at, cause_seq }: Claimable,
    claim: Claim,
    nextDue?: string | null,
  ): Promise<void> {
    await this.#o.lead.toStart(tx);
    const task = await tx.document(tasksProjection, known.task_id);
    if (task?.generation !== known.generation) throw new NotClaimed('changed');
    if (task.status === 'deleted' || task.status === 'paused') throw new NotClaimed('changed');
    const revoked = await this.#o.revoked(tx, task.maker);
    if (revoked !== null) throw new NotClaimed({ revoked });
    const slot = await tx.document(slotsProjection, claim.run_key);
    const isRetry = claim.attempt > 1 && slot?.status === 'retrying';
    if (slot !== null && !isRetry) throw new NotClaimed('repeated');
    const isFree = task.active.length === 0 && task.queue.length === 0;
    if (nextDue !== undefined && !(isFree && task.next_due === known.next_due))
      throw new NotClaimed('changed');
    const { task_id } = task;
    const next_due = nextDue === undefined ? task.next_due : nextDue;
    const fence = this.#o.lead.fencing() ?? 0;
    const claimed: DomainEvent = {
      type: 'scheduler.slot_claimed',
      data: { task_id, scheduled_at, cause_seq, ...claim, fence, next_due },
    };
    const context = contextOf(task, this.#o.host, claim.run_id);
    await tx.append(slotStream(claim.run_key), isRetry ? 'any' : 'no_stream', [claimed], context);
  }

  async #say(task: TaskView, slot: Claimable, found: NotClaimed['found']): Promise<void> {
    if (found === 'changed') return;
    const { host } = this.#o;
    await this.#append(task, (latest) =>
      found === 'repeated' ? [repeated(task, slot)] : makerRevoked(latest, host.id, found.revoked),
    );
  }

  /** Nothing can be made of the slot: it is skipped, or ends as it stands after the attempts that it had. */
  async #giveUp(
    task: TaskView,
    offered: Claimable,
    run_key: string,
    refusal: Refusal,
  ): Promise<void> {
    const slot = await this.#o.store.document(slotsProjection, run_key);
    await this.#append(task, () =>
      slot?.status === 'retrying'
        ? notTriedAgain(task, slot, refusal)
        : meansNothing(task, offered, run_key, refusal),
    );
  }

  async #append(task: TaskView, decide: (latest: TaskView) => DomainEvent[]): Promise<void> {
    await this.#o.store.transact(async (tx) => {
      const latest = (await tx.document(tasksProjection, task.task_id)) ?? task;
      const context = contextOf(task, this.#o.host);
      await tx.append(taskStream(task.task_id), 'any', decide(latest), context);
    });
  }
}

/** A run in the task's name, whose key is claimed in the transaction that creates it. */
const submissionOf = (
  { task_id, workspace_id, maker, name }: TaskView,
  call: TaskCall,
  run_key: string,
  claim: NonNullable<Submission['claim']>,
): Submission => ({
  principal: maker,
  workspace_id,
  ...call,
  trigger: { kind: 'schedule', ref: run_key },
  task: name,
  correlation_id: run_key,
  causation_id: task_id,
  dedupe_key: null,
  idempotency_key: null,
  connection_id: '',
  claim,
});
