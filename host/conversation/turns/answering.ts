import type { SayResult } from '#schema/commands/conversation.ts';
import type { InquiryView } from '#schema/views/inquiry.ts';
import { becomesOf, understand } from '#host/intents/core/understand.ts';
import { answerIn } from '#host/inquiries/core/answer-in.ts';
import type { InquiryService } from '#host/inquiries/service.ts';
import { HobError } from '#host/kernel/errors.ts';
import { approvalsProjection } from '#host/policy/projections.ts';
import type { EventStore } from '#host/store/ports.ts';
import type { Recognition } from '#host/voice/ports.ts';
import type { Workspaces } from '../ports.ts';
import type { TurnEvent } from '../beginning.ts';
import { contextOf, type ActiveTurn, type CourseResult, type CourseSteps } from './active-turn.ts';
import { askedIn } from './asked-in.ts';
import { notOneOf } from './core/inquiry-words.ts';
import { isAfterSilence, refusalInWords } from './core/judge-answer.ts';
import { spokenAnswer, type SpokenAnswer } from './core/spoken-answer.ts';
import type { SpokenDecisions } from './decisions.ts';
import type { Utterance } from './hear.ts';

export interface AnsweringOptions {
  store: EventStore;
  decisions: SpokenDecisions;
  inquiries: InquiryService;
  workspaces: Workspaces;
  steps: CourseSteps;
  /** Says and shows what came of it. */
  reply(turn: ActiveTurn, text: string, kind: 'reply' | 'question'): Promise<void>;
  /** The words as the person leaves them, where transcripts are corrected first. */
  confirmed(turn: ActiveTurn, recognition: Recognition): Promise<string>;
}

/** What was heard in one turn, and what is stored of it first. */
export interface Heard {
  recognition: Recognition;
  utterance: Utterance;
  before: readonly TurnEvent[];
}

/**
 * Sentences that answer a question instead of ordering something. An approval takes yes and no in a turn
 * that a decider opened; an agent's inquiry takes words, in a turn that was opened on its card or, where
 * nothing else could be meant, one of its choices in any turn. Neither ever answers for the other.
 */
export class Answering {
  readonly #o: AnsweringOptions;

  constructor(options: AnsweringOptions) {
    this.#o = options;
  }

  /** Null when it answers nothing: a sentence like any other. */
  async take(turn: ActiveTurn, heard: Heard): Promise<CourseResult | null> {
    const { signal } = turn.controller;
    if (turn.inquiry !== null) return this.#toAgent(turn, turn.inquiry, heard);
    const { text, accepted } = heard.recognition;
    if (turn.mode === 'file' || !accepted) return null;
    const answer = spokenAnswer(text);
    const inquiry =
      answer === null || (await this.#o.decisions.isNoneMeant(heard.utterance.began))
        ? await this.#meantIn(turn, text)
        : null;
    if (signal.aborted) return { nothing: 'aborted' };
    if (inquiry !== null) return this.#toAgent(turn, inquiry, heard);
    const isAnswer = answer !== null && (await this.#answers(answer));
    if (signal.aborted) return { nothing: 'aborted' };
    return isAnswer ? this.#toApproval(turn, answer, heard) : null;
  }

  /** With nothing to answer, "wait" and "not sure" mean what they mean when they are typed. */
  async #answers(answer: SpokenAnswer): Promise<boolean> {
    const waiting = await this.#o.store.count(approvalsProjection, { status: 'pending' });
    return waiting > 0 || answer === 'approve' || answer === 'deny';
  }

  /** The one open inquiry that has this as a choice, unless it could be an order. */
  async #meantIn(turn: ActiveTurn, text: string): Promise<InquiryView | null> {
    const only = await askedIn(turn, this.#o.inquiries);
    if (only === null || answerIn({ ...only, free_text: false }, text) === null) return null;
    const tasks = this.#o.workspaces.tasks(turn.speaker.workspace_id);
    const order = understand(text, { tasks }).match;
    const isOrder = order !== null && becomesOf(order.name)?.kind !== 'decision_word';
    return isOrder ? null : only;
  }

  async #toApproval(
    turn: ActiveTurn,
    answer: SpokenAnswer,
    { recognition, utterance, before }: Heard,
  ): Promise<CourseResult> {
    const { turn_id, window_id, listen, speaker, controller } = turn;
    const { text, score } = recognition;
    const { began, quiet_ms } = utterance;
    await this.#begin(turn, text, before);
    turn.record.moment('intent', `an answer: ${answer}`, { answer });
    this.#o.steps.reach(turn, 'acting');
    const outcome = await this.#o.decisions.answer({
      turn_id,
      window_id: window_id ?? '',
      listen_id: speaker.principal.kind === 'user' ? (listen?.listen_id ?? null) : null,
      answer,
      transcript: text,
      score,
      began,
      quiet_ms,
      context: contextOf(turn),
      signal: controller.signal,
    });
    if (outcome === null) return { nothing: 'aborted' };
    turn.record.moment('decision', outcome.reply, { ...outcome });
    const kind = outcome.kind === 'asked_again' ? 'question' : 'reply';
    return this.#end(turn, text, outcome.reply, kind);
  }

  async #toAgent(
    turn: ActiveTurn,
    inquiry: InquiryView,
    { recognition, utterance, before }: Heard,
  ): Promise<CourseResult> {
    const isChoice = answerIn({ ...inquiry, free_text: false }, recognition.text) !== null;
    const text =
      isChoice || !recognition.accepted
        ? recognition.text
        : await this.#o.confirmed(turn, recognition);
    if (turn.controller.signal.aborted) return { nothing: 'aborted' };
    await this.#begin(turn, text === '' ? '…' : text, before);
    const who = inquiry.requester.display;
    turn.record.moment('intent', `an answer for ${who}`, { inquiry_id: inquiry.inquiry_id });
    this.#o.steps.reach(turn, 'acting');
    const reply =
      this.#doubt(inquiry, text, { recognition, utterance }) ??
      (await this.#give(turn, inquiry, text));
    turn.record.moment('decision', reply, { inquiry_id: inquiry.inquiry_id });
    return this.#end(turn, text, reply, 'reply');
  }

  /** Why these words are no answer, or null. What a hand corrected is one, however it sounded. */
  #doubt(
    inquiry: InquiryView,
    text: string,
    { recognition, utterance }: Pick<Heard, 'recognition' | 'utterance'>,
  ): string | null {
    if (text !== recognition.text) return null;
    // The question itself was said aloud, choices and all.
    if (!isAfterSilence(utterance)) return refusalInWords.host_spoke;
    return recognition.accepted ? null : notOneOf(text, inquiry, inquiry.requester.display);
  }

  /** Hands the words to the agent; the reply says whether they were an answer. */
  async #give(turn: ActiveTurn, inquiry: InquiryView, text: string): Promise<string> {
    const { turn_id, speaker } = turn;
    const who = inquiry.requester.display;
    try {
      const how = { source: 'voice', turn_id } as const;
      const { answer } = await this.#o.inquiries.answer(
        inquiry.inquiry_id,
        { text },
        how,
        speaker.principal,
      );
      return `I told ${who}: ${answer?.text ?? text}.`;
    } catch (failure) {
      if (!(failure instanceof HobError)) throw failure;
      return failure.code === 'invalid_payload' ? notOneOf(text, inquiry, who) : failure.message;
    }
  }

  #begin(turn: ActiveTurn, text: string, before: readonly TurnEvent[]): Promise<void> {
    const { turn_id, window_id } = turn;
    const data = { turn_id, text, source: 'voice', window_id } as const;
    return this.#append(turn, [...before, { type: 'turn.started', data }]);
  }

  async #end(
    turn: ActiveTurn,
    text: string,
    reply: string,
    kind: 'reply' | 'question',
  ): Promise<CourseResult> {
    const data = { turn_id: turn.turn_id, text: reply, run_id: null, event_seqs: [] };
    await this.#append(turn, [{ type: 'turn.answered', data }]);
    await this.#o.reply(turn, reply, kind);
    return { said: saidOf(turn.turn_id, text, reply) };
  }

  async #append(turn: ActiveTurn, events: readonly TurnEvent[]): Promise<void> {
    const stream = { stream_type: 'turn', stream_id: turn.turn_id };
    await this.#o.store.transact((tx) => tx.append(stream, 'any', events, contextOf(turn)));
  }
}

const saidOf = (turn_id: string, transcript: string, reply: string): SayResult => ({
  turn_id,
  transcript,
  intent: null,
  closest: [],
  decision: null,
  run_id: null,
  approval_id: null,
  status: 'answered',
  reply,
  event_seqs: [],
  result: null,
  error: null,
});
