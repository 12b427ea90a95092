import type { CommandPayload, CommandResult } from '#schema/commands/registry.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { InquiryView } from '#schema/views/inquiry.ts';
import type { TurnView } from '#schema/views/turn.ts';
import { HobError, toWireError } from '#host/kernel/errors.ts';
import { voiceSettingsOf, type VoiceSettings } from '#host/policy/core/voice-settings.ts';
import type { SettingsService } from '#host/policy/settings-service.ts';
import type { Crypto } from '#host/policy/ports.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { InquiryService } from '#host/inquiries/service.ts';
import type { ConversationService } from '../service.ts';
import type { Speaker, Workspaces } from '../ports.ts';
import type { ActiveTurn, CourseResult } from './active-turn.ts';
import { isTalking, type LiveTurn } from './core/turn-machine.ts';
import { TurnCourse } from './course.ts';
import { SpokenDecisions } from './decisions.ts';
import { openTurn, type Opening } from './open-turn.ts';
import { VoicePlaces } from './places.ts';
import { SoundFiles } from './sound-files.ts';
import { ListenStatements } from './listen-statement.ts';
import { ShownCards } from './shown-cards.ts';
import { SpeechService, type SpeechOptions } from './speech.ts';
import { SpokenQuestions } from './spoken-questions.ts';
import { InquiriesAloud } from './inquiries-aloud.ts';
import { LevelWatch } from './level-watch.ts';
import { LiveTurns } from './live-turns.ts';
import { vocabularyOf } from './vocabulary.ts';
import type { EventStore } from '#host/store/ports.ts';

export interface TurnsOptions extends SpeechOptions {
  store: EventStore;
  ids: IdSource;
  crypto: Crypto;
  settingsService: SettingsService;
  conversation: ConversationService;
  inquiries: InquiryService;
  workspaces: Workspaces;
  /** What a person calls that window; null when it is not open. */
  windowName(windowId: string): string | null;
}

type StartPayload = CommandPayload<'conversation.listen_start'>;
type StartResult = CommandResult<'conversation.listen_start'>;

/** Spoken turns, and everything about ears and mouth that clients may ask for. */
export class TurnService {
  readonly #o: TurnsOptions;
  readonly places: VoicePlaces;
  readonly levels: LevelWatch;
  readonly #shown: ShownCards;
  readonly #turns: LiveTurns;
  readonly #speech: SpeechService;
  readonly #aloud: InquiriesAloud;
  readonly #questions: SpokenQuestions;
  readonly #decisions: SpokenDecisions;
  readonly #statements: ListenStatements;
  readonly #course: TurnCourse;
  /** By window: a start that is still being checked. A stop that overtakes it waits for it. */
  readonly #starting = new Map<string, Promise<unknown>>();
  readonly #files: SoundFiles;
  #loaded = false;

  constructor(options: TurnsOptions) {
    this.#o = options;
    const { clock, store, live, log } = options;
    const load = async (): ReturnType<TurnsOptions['load']> => {
      const voice = await options.load();
      this.#loaded = true;
      return voice;
    };
    this.places = new VoicePlaces({
      load,
      settings: () => this.#settings(),
      hasWindow: (id) => options.windowName(id) !== null,
    });
    this.levels = new LevelWatch({
      clock,
      live,
      load,
      input: () => this.moved.input,
      isGateOpen: () => options.settings().gate === 'open',
      isTalking: () => isTalking(this.#turns.live),
    });
    this.#files = new SoundFiles({
      load,
      begin: (speaker, opening) => this.#beginFile(speaker, opening),
      run: (turn) => this.#run(turn),
    });
    this.#shown = new ShownCards(clock);
    this.#speech = new SpeechService({ ...options, load });
    this.#aloud = new InquiriesAloud(this.#speech);
    this.#turns = new LiveTurns({
      clock,
      live,
      load,
      log,
      windowName: (id) => options.windowName(id),
    });
    this.#questions = new SpokenQuestions(clock, (closed) => {
      const stream = { stream_type: 'turn', stream_id: closed.turn_id };
      const context = this.#turns.hostContext(closed.turn_id);
      void store
        .transact((tx) =>
          tx.append(stream, 'any', [{ type: 'turn.question_closed', data: closed }], context),
        )
        .catch((failure: unknown) =>
          log.warn('a spoken question closed unrecorded', { reason: String(failure) }),
        );
    });
    const parts = { store, clock, live, shown: this.#shown, questions: this.#questions };
    this.#decisions = new SpokenDecisions(parts);
    this.#statements = new ListenStatements(options);
    this.#course = new TurnCourse({
      ...options,
      load,
      decisions: this.#decisions,
      speech: this.#speech,
      steps: this.#turns,
      phrases: (turn) => vocabularyOf(turn, options),
    });
  }

  /** Throws `microphone_closed`, `microphone_in_use`, and what is wrong with a statement. */
  start(payload: StartPayload, speaker: Speaker): Promise<StartResult> {
    const starting = this.#start(payload, speaker);
    const settled = starting.then(
      () => {},
      () => {},
    );
    this.#starting.set(payload.window_id, settled);
    void settled.then(() => {
      if (this.#starting.get(payload.window_id) === settled)
        this.#starting.delete(payload.window_id);
    });
    return starting;
  }

  async #start(payload: StartPayload, speaker: Speaker): Promise<StartResult> {
    const inquiry = await this.#inquiryOf(payload);
    const [listen, settings] = await Promise.all([
      // What is said to an agent decides nothing, whoever opened the turn.
      inquiry === null ? this.#statements.check(payload) : null,
      this.#settings(),
    ]);
    const home = this.places.home(settings);
    const { window_id, mode, take_over } = payload;
    const turn = openTurn(this.#o, speaker, settings, {
      mode,
      window_id,
      acts_on: home.window_id ?? window_id,
      listen,
      inquiry,
      input: home.input,
    });
    this.#turns.begin(turn, { take_over, gate_open: settings.gate === 'open' });
    this.levels.stop();
    // Whoever begins to talk wants to be heard, not to listen.
    this.#speech.hush();
    void this.#run(turn).catch(() => {});
    return { turn_id: turn.turn_id, can_decide: listen !== null };
  }

  async #inquiryOf({ inquiry_id }: StartPayload): Promise<InquiryView | null> {
    if (inquiry_id === undefined) return null;
    const inquiry = await this.#o.inquiries.find(inquiry_id);
    if (inquiry === null) throw new HobError('not_found');
    if (inquiry.status !== 'open') throw new HobError('already_settled');
    if (inquiry.during !== undefined)
      throw new HobError('invalid_payload', { message: 'This is answered on its card.' });
    return inquiry;
  }

  async stop(
    payload: CommandPayload<'conversation.listen_stop'>,
  ): Promise<CommandResult<'conversation.listen_stop'>> {
    const { window_id, turn_id, discard } = payload;
    await this.#starting.get(window_id);
    const turn = this.#turns.live.find(
      (one) =>
        one.window_id === window_id &&
        (turn_id === undefined ? isBeforeActing(one, discard) : one.turn_id === turn_id),
    );
    if (turn === undefined) return { turn_id: null };
    if (!discard) this.#turns.apply({ kind: 'finish', turn_id: turn.turn_id });
    else if (isBeforeActing(turn, true))
      this.#turns.apply({ kind: 'end', turn_id: turn.turn_id, reason: 'aborted' });
    return { turn_id: turn.turn_id };
  }

  /** Throws `not_found` when no transcript of this turn waits. */
  confirm({ turn_id, text }: CommandPayload<'conversation.transcript_confirm'>): {
    turn_id: string;
  } {
    const turn = this.#turns.active(turn_id);
    if (turn === null || turn.record.view.state !== 'editing') throw new HobError('not_found');
    turn.confirmed.resolve(text);
    return { turn_id };
  }

  /** Ends spoken turns as conversation.cancel asks; those of the speaker's connection without an id. */
  cancel(turnId: string | undefined, connectionId: string): string[] {
    const mine = this.#turns.live.filter((turn) =>
      turnId === undefined ? turn.connection_id === connectionId : turn.turn_id === turnId,
    );
    for (const { turn_id } of mine)
      this.#turns.apply({ kind: 'end', turn_id, reason: 'cancelled' });
    return mine.map(({ turn_id }) => turn_id);
  }

  /** Throws `audio_*`, `microphone_in_use`, and what a typed sentence throws. */
  inject(
    payload: CommandPayload<'conversation.inject_audio'>,
    speaker: Speaker,
  ): Promise<CommandResult<'conversation.inject_audio'>> {
    return this.#files.hear(payload, speaker);
  }

  speak(
    payload: CommandPayload<'speech.speak'>,
    speaker: Speaker,
  ): Promise<CommandResult<'speech.speak'>> {
    this.#loaded = true;
    return this.#speech.speak(payload, speaker.principal, speaker.closed);
  }

  stopSpeaking(by: Principal): number {
    return this.#speech.stop(by);
  }

  async setGate(open: boolean, by: Principal): Promise<{ open: boolean }> {
    const changes = { 'voice.gate': open ? 'open' : 'closed' };
    const settings = await this.#o.settingsService.patch(changes, {}, by);
    return { open: voiceSettingsOf(settings).gate === 'open' };
  }

  /** Newest first. */
  turns(limit: number): TurnView[] {
    return structuredClone(this.#turns.records.newest(limit));
  }

  /** Throws `not_found`. */
  async turn(turnId: string, waitMs: number, gone: AbortSignal): Promise<TurnView> {
    const record = this.#turns.records.get(turnId);
    if (record === null) throw new HobError('not_found');
    await this.#turns.ended(turnId, waitMs, gone);
    return structuredClone(record.view);
  }

  setShown(connectionId: string, windowId: string, approvals: readonly string[]): void {
    this.#shown.set(connectionId, windowId, approvals);
  }

  /** Devices that were chosen by device.move, for what opens them; null where the settings decide. */
  get moved(): { input: string | null; output: string | null } {
    const { input, output } = this.places.home(this.#o.settings());
    return { input, output };
  }

  /** An agent asks the person something: it is said, if it may be. */
  asked(inquiry: InquiryView): void {
    this.#loaded = true;
    this.#aloud.say(inquiry);
  }

  /** Called with every stored event, in order. */
  note(events: readonly StoredEvent[]): void {
    this.#decisions.note(events);
    this.#questions.note(events);
    this.#aloud.note(events);
    const closes = (event: StoredEvent): boolean =>
      event.event_type === 'config.patched' &&
      (event.data?.['changes'] as Record<string, unknown> | undefined)?.['voice.gate'] === 'closed';
    if (!events.some(closes)) return;
    this.levels.stop();
    this.#turns.apply({ kind: 'gate_closed' });
  }

  connectionClosed(connectionId: string): void {
    this.#shown.forget(connectionId);
    this.levels.connectionClosed(connectionId);
    this.#turns.apply({ kind: 'connection_closed', connection_id: connectionId });
  }

  windowClosed(windowId: string): void {
    this.places.windowClosed(windowId);
  }

  /** Ends every turn and gives the devices back. */
  async close(): Promise<void> {
    this.levels.stop();
    this.#turns.apply({ kind: 'stop_all' });
    this.#questions.dispose();
    if (!this.#loaded) return;
    const voice = await this.#o.load().catch(() => null);
    await voice?.close();
  }

  async #settings(): Promise<VoiceSettings> {
    return voiceSettingsOf(await this.#o.settingsService.current());
  }

  async #beginFile(speaker: Speaker, opening: Opening): Promise<ActiveTurn> {
    const settings = await this.#settings();
    const acts_on = opening.acts_on ?? this.places.home(settings).window_id;
    const turn = openTurn(this.#o, speaker, settings, { ...opening, acts_on });
    this.#turns.begin(turn, { take_over: false, gate_open: true });
    return turn;
  }

  async #run(turn: ActiveTurn): Promise<CourseResult> {
    try {
      const result = await this.#course.run(turn);
      const reason = 'said' in result ? 'done' : result.nothing;
      this.#turns.apply({ kind: 'end', turn_id: turn.turn_id, reason });
      return result;
    } catch (failure) {
      const error = toWireError(failure);
      if (error.code === 'internal_error') this.#o.log.error('a turn failed', failure);
      this.#turns.failed(turn, error);
      throw failure;
    }
  }
}

const isBeforeActing = ({ state }: LiveTurn, discard: boolean): boolean =>
  state === 'listening' || (discard && (state === 'recognising' || state === 'editing'));
