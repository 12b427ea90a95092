import type { SayResult } from '#schema/commands/conversation.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { RunView } from '#schema/views/run.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { Log } from '#host/kernel/log.ts';
import { approvalsProjection } from '#host/policy/projections.ts';
import type { InquiryService } from '#host/inquiries/service.ts';
import type { EventStore } from '#host/store/ports.ts';
import type { Recognition } from '#host/voice/ports.ts';
import type { Workspaces } from '../ports.ts';
import type { TurnEvent } from '../beginning.ts';
import type { ConversationService } from '../service.ts';
import { contextOf, type ActiveTurn, type CourseResult, type CourseSteps } from './active-turn.ts';
import { Answering } from './answering.ts';
import type { SpokenDecisions } from './decisions.ts';
import { hear, type HearOptions, type Utterance } from './hear.ts';
import type { SpeechService } from './speech.ts';

export interface CourseOptions extends HearOptions {
  store: EventStore;
  clock: Clock;
  log: Log;
  conversation: ConversationService;
  decisions: SpokenDecisions;
  inquiries: InquiryService;
  workspaces: Workspaces;
  speech: SpeechService;
  steps: CourseSteps;
}

/**
 * The course of one turn, from listening to the end of its answer. After every await the turn may be over:
 * then its signal says so, and nothing more is done. What has been started in the store is finished there.
 */
export class TurnCourse {
  readonly #o: CourseOptions;
  readonly #answering: Answering;

  constructor(options: CourseOptions) {
    this.#o = options;
    this.#answering = new Answering({
      ...options,
      reply: (turn, text, kind) => this.#reply(turn, text, kind),
      confirmed: (turn, recognition) => this.#confirmed(turn, recognition),
    });
  }

  /** Throws what keeps it from hearing, and what the gate throws. */
  async run(turn: ActiveTurn): Promise<CourseResult> {
    const utterance = await hear(turn, this.#o);
    if (utterance === null || turn.controller.signal.aborted) return { nothing: 'aborted' };
    const { heard } = utterance;
    if (heard.kind === 'aborted') return { nothing: 'aborted' };
    this.#o.steps.reach(turn, 'recognising');
    if (heard.kind === 'silence') {
      turn.record.moment('final', 'nothing was said', { audio_ms: heard.audio_ms });
      return { nothing: 'nothing_heard' };
    }
    this.#heard(turn, heard.recognition, heard.audio_ms);
    this.#o.steps.reach(turn, 'understood', heard.recognition.text);
    return this.#understood(turn, heard.recognition, heard.audio_ms, utterance);
  }

  async #understood(
    turn: ActiveTurn,
    recognition: Recognition,
    audioMs: number,
    utterance: Utterance,
  ): Promise<CourseResult> {
    const { signal } = turn.controller;
    const before = this.#before(turn, recognition, audioMs);
    const answered = await this.#answering.take(turn, { recognition, utterance, before });
    if (answered !== null) return answered;
    if (signal.aborted) return { nothing: 'aborted' };
    const text = await this.#confirmed(turn, recognition);
    if (signal.aborted) return { nothing: 'aborted' };
    const said = await this.#act(turn, recognition, text, before);
    await this.#reply(turn, said.reply);
    return { said };
  }

  /** The words that are acted on: as they were heard, or as the person left them. */
  async #confirmed(turn: ActiveTurn, { text, accepted }: Recognition): Promise<string> {
    if (!turn.settings.edit_transcript || turn.mode === 'file' || !accepted) return text;
    this.#o.steps.reach(turn, 'editing', text);
    const { signal } = turn.controller;
    const left = new Promise<string>((resolve) =>
      signal.addEventListener('abort', () => resolve(text), { once: true }),
    );
    const confirmed = await Promise.race([turn.confirmed.promise, left]);
    if (confirmed !== text) turn.record.moment('final', confirmed, { edited: true });
    return confirmed;
  }

  async #act(
    turn: ActiveTurn,
    recognition: Recognition,
    text: string,
    before: readonly TurnEvent[],
  ): Promise<SayResult> {
    const { turn_id, acts_on, speaker, controller, dry_run, wait_ms, record } = turn;
    this.#o.steps.reach(turn, 'acting', text);
    this.#generating(turn, true);
    const window = acts_on === null ? {} : { window_id: acts_on };
    try {
      const said = await this.#o.conversation.injectText(
        { text: text === '' ? '…' : text, dry_run, wait_ms, ...window },
        { ...speaker, closed: controller.signal, idempotency_key: null },
        {
          turn_id,
          source: turn.mode === 'file' ? 'wav' : 'voice',
          before,
          // What a hand corrected is what it says, however it sounded.
          accepted: recognition.accepted || text !== recognition.text,
          closest: recognition.closest.map((one) => one.text),
          onUnderstood: ({ match, closest }) =>
            record.moment('intent', match?.phrase ?? 'not understood', { match, closest }),
          onWaiting: (run) => void this.#ask(turn, run),
        },
      );
      this.#did(turn, said);
      return said;
    } catch (failure) {
      if (turn.mode !== 'file' && failure instanceof HobError) await this.#refused(turn, failure);
      throw failure;
    } finally {
      this.#generating(turn, false);
    }
  }

  /** A call of this turn waits: the person is asked aloud while it does. */
  async #ask(turn: ActiveTurn, run: RunView): Promise<void> {
    if (turn.mode === 'file' || turn.listen === null || run.approval_id === null) return;
    const card = await this.#o.store.document(approvalsProjection, run.approval_id);
    if (card === null || turn.controller.signal.aborted) return;
    const question = await this.#o.decisions.ask(card, turn.turn_id, contextOf(turn));
    const text = question ?? 'This is dangerous, so it needs your answer on the card.';
    turn.record.moment('question', text, { approval_id: card.approval_id });
    await this.#o.speech.reply(text, turn.turn_id, turn.controller.signal, 'question');
  }

  async #refused(turn: ActiveTurn, failure: HobError): Promise<void> {
    turn.record.moment('error', failure.message, { code: failure.code });
    await this.#reply(turn, failure.message);
  }

  async #reply(
    turn: ActiveTurn,
    text: string,
    kind: 'reply' | 'question' = 'reply',
  ): Promise<void> {
    turn.record.moment('answer', text);
    const { signal } = turn.controller;
    if (turn.mode === 'file' || signal.aborted || text === '') return;
    this.#o.steps.reach(turn, 'speaking', text);
    const said = await this.#o.speech.reply(text, turn.turn_id, signal, kind);
    turn.record.moment('spoken', text, { ...said });
  }

  #heard(turn: ActiveTurn, recognition: Recognition, audio_ms: number): void {
    const { text, accepted, score, closest, snr_db, look } = recognition;
    const heard = { text, accepted, score, closest: [...closest], snr_db, audio_ms };
    turn.record.view.heard = heard;
    turn.record.moment('final', text, { accepted, score, closest, snr_db, audio_ms, look });
  }

  #did(
    turn: ActiveTurn,
    { decision, run_id, approval_id, status, result, error }: SayResult,
  ): void {
    turn.record.view.run_id = run_id;
    if (decision !== null) {
      const data = { ...decision, approval_id };
      turn.record.moment(
        'decision',
        decision.decision,
        JSON.parse(JSON.stringify(data)) as JsonObject,
      );
    }
    if (run_id !== null) {
      const data = { run_id, status, result, error };
      turn.record.moment('tool', status, JSON.parse(JSON.stringify(data)) as JsonObject);
    }
  }

  /** What is stored once something was heard: a turn that was let go leaves nothing. */
  #before(turn: ActiveTurn, recognition: Recognition, audio_ms: number): TurnEvent[] {
    const { turn_id, mode, window_id, listen, record } = turn;
    const { text, accepted, score, closest, snr_db } = recognition;
    const device = record.view.device;
    return [
      { type: 'turn.opened', data: { turn_id, mode, window_id, device, listen } },
      { type: 'turn.heard', data: { turn_id, text, accepted, score, closest, snr_db, audio_ms } },
    ];
  }

  #generating(turn: ActiveTurn, active: boolean): void {
    this.#o.live.send('runtime.assistant_generating', { active, turn_id: turn.turn_id });
  }
}
