import { canonicalJson } from '#schema/envelope/canonical.ts';
import type { CommandPayload } from '#schema/commands/registry.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { RunView } from '#schema/views/run.ts';
import type { Becomes } from '#host/intents/core/intent-row.ts';
import type { Understanding } from '#host/intents/core/understand.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Gate } from '#host/policy/gate.ts';
import type { Crypto } from '#host/policy/ports.ts';
import type { Submission } from '#host/policy/submission.ts';
import type { EventContext, EventStore, StoreTransaction } from '#host/store/ports.ts';
import { callOf } from './core/call-of.ts';
import type { Speaker } from './ports.ts';

export type TurnEvent = Extract<DomainEvent, { type: `turn.${string}` }>;

/** What is special about a sentence that was heard instead of written. */
export interface Heard {
  turn_id: string;
  source: 'voice' | 'wav';
  /** What came before the words: how the turn was opened, and what the recogniser made of it. */
  before: readonly TurnEvent[];
  /** False: the recogniser is not sure enough, so nothing is done. */
  accepted: boolean;
  /** Known phrases that sound like it, best first. */
  closest: readonly string[];
  /** It waits for a person, who is told at once and not when the turn ends. */
  onWaiting(run: RunView): void;
  onUnderstood(understanding: Understanding): void;
}

/** One sentence: what was said, by whom, and what it was understood as. */
export interface Said {
  readonly payload: CommandPayload<'conversation.inject_text'>;
  readonly speaker: Speaker;
  readonly understanding: Understanding;
  readonly heard: Heard | null;
}

/** A sentence on its way. */
export interface Turn extends Said {
  readonly id: string;
  /** What was said and understood, where that becomes part of the record with the run that it leads to. */
  readonly beginning: readonly TurnEvent[] | null;
}

/** Its own name: the router remembers the whole answer under the command's. */
const COMMAND = 'turn.started';

/** How a turn comes into the record: its words first, whatever follows from them. */
export class Beginnings {
  readonly #o: { store: EventStore; gate: Gate; ids: IdSource; crypto: Crypto };

  constructor(options: { store: EventStore; gate: Gate; ids: IdSource; crypto: Crypto }) {
    this.#o = options;
  }

  /** Stores what was said and understood, once for an idempotency key; with the run, where one follows at once. */
  async begin(said: Said, becomes: Becomes | undefined): Promise<Turn> {
    const id = said.heard?.turn_id ?? this.#o.ids.domain('turn');
    const beginning = beginningOf(id, said);
    return isOneCall(said, becomes)
      ? { ...said, id, beginning }
      : { ...said, id: await this.#store(id, said, beginning), beginning: null };
  }

  /**
   * Makes the run of a turn, in one commit with words that are not stored yet: neither is there without the other.
   * Where no run can be made, the words are stored all the same.
   */
  async submit({ id, speaker, beginning }: Turn, submission: Submission): Promise<RunView> {
    if (beginning === null) return this.#o.gate.submit(submission);
    const claim = async (tx: StoreTransaction): Promise<void> => {
      await tx.append(streamOf(id), 'no_stream', beginning, contextOf(speaker));
    };
    try {
      return await this.#o.gate.submit({ ...submission, claim });
    } catch (failure) {
      // Refused where they are there already; and what the store refuses is what `failure` says.
      await this.#o.store.transact(claim).catch(() => {});
      throw failure;
    }
  }

  async #store(
    fresh: string,
    { payload, speaker }: Said,
    beginning: readonly TurnEvent[],
  ): Promise<string> {
    const { text, window_id = null } = payload;
    const { principal, idempotency_key: key } = speaker;
    const hash = this.#o.crypto.sha256(canonicalJson({ text, window_id }));
    return this.#o.store.transact(async (tx) => {
      const known = key === null ? null : await tx.recall(principal.id, COMMAND, key, hash);
      if (typeof known?.['turn_id'] === 'string') return known['turn_id'];
      await tx.append(streamOf(fresh), 'no_stream', beginning, contextOf(speaker));
      if (key !== null) await tx.remember(principal.id, COMMAND, key, hash, { turn_id: fresh });
      return fresh;
    });
  }
}

export const streamOf = (turn_id: string) => ({ stream_type: 'turn', stream_id: turn_id });

export const contextOf = ({
  workspace_id,
  principal,
  correlation_id,
  causation_id,
}: Speaker): EventContext => ({ workspace_id, actor: principal, correlation_id, causation_id });

function beginningOf(
  turn_id: string,
  { payload, speaker, understanding: { match, closest }, heard }: Said,
): TurnEvent[] {
  const { text, window_id = null } = payload;
  const source = heard?.source ?? sourceOf(speaker.role);
  return [
    ...(heard?.before ?? []),
    { type: 'turn.started', data: { turn_id, text, source, window_id } },
    { type: 'turn.understood', data: { turn_id, match, closest } },
  ];
}

const sourceOf = (role: Speaker['role']): 'panel' | 'cli' | 'agent' | 'palette' =>
  role === 'panel' || role === 'cli' || role === 'agent' ? role : 'palette';

/**
 * One call follows from it and nothing else. With a key, the turn of the first time must be found before that; and an
 * "undo" may mean a schedule, which is restored by a command of its own.
 */
function isOneCall(
  { speaker, understanding: { match, schedule } }: Said,
  becomes: Becomes | undefined,
): boolean {
  if (match === null || becomes === undefined || schedule !== undefined) return false;
  if (speaker.idempotency_key !== null || match.name === 'undo') return false;
  return callOf(match, becomes) !== null;
}
