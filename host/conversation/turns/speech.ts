import type { CommandPayload, CommandResult } from '#schema/commands/registry.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Log } from '#host/kernel/log.ts';
import { SpeechAllowances } from '#host/voice/speech/allowances.ts';
import { attributed } from '#host/voice/speech/core/attribution.ts';
import type { VoiceSettings } from '#host/policy/core/voice-settings.ts';
import { withoutCitations } from '../core/citation.ts';
import type { LiveEvents, LoadVoice } from './ports.ts';

export interface SpeechOptions {
  clock: Clock;
  ids: IdSource;
  log: Log;
  load: LoadVoice;
  live: LiveEvents;
  settings(): VoiceSettings;
}

interface Speech {
  id: string;
  by: Principal | null;
  turnId: string | null;
  controller: AbortController;
}

type SpeakResult = CommandResult<'speech.speak'>;
type Kind = 'question' | 'reply' | 'agent';

/** More than this waits to be said by one principal: it is told to wait. */
const MAX_WAITING = 16;

/** Everything that Hob says aloud, with its captions; whoever asked for it can stop it. */
export class SpeechService {
  readonly #o: SpeechOptions;
  readonly #speeches = new Map<string, Speech>();
  readonly #allowances: SpeechAllowances;
  #sounding = 0;

  constructor(options: SpeechOptions) {
    this.#o = options;
    this.#allowances = new SpeechAllowances(options.clock);
  }

  /** Throws `too_many_requests` and `voice_unavailable`. */
  async speak(
    { text, wait_ms }: CommandPayload<'speech.speak'>,
    by: Principal,
    gone: AbortSignal,
  ): Promise<SpeakResult> {
    const own = [...this.#speeches.values()].filter((speech) => speech.by?.id === by.id);
    if (own.length >= MAX_WAITING) throw new HobError('too_many_requests');
    const isAgent = by.kind === 'agent';
    if (isAgent) this.#allowances.spend(by.id, text.length);
    const { mouth } = await this.#o.load();
    const plain = mouth.sentences(text);
    const sentences = isAgent ? attributed(by.display, plain) : plain;
    const speech = this.#open(by, null);
    const saying = this.#say(speech, sentences, isAgent ? 'agent' : 'reply');
    const quiet = this.#o.settings().quiet;
    const base = { speech_id: speech.id, sentences: sentences.length };
    const over = saying.then(({ spoken, stopped }): SpeakResult => {
      const status = stopped ? 'stopped' : quiet ? 'quiet' : 'spoken';
      return { ...base, status, spoken };
    });
    return Promise.race([
      over,
      this.#later(wait_ms, gone, { ...base, status: 'queued', spoken: 0 }),
    ]);
  }

  /** What an agent asks the person, aloud while it may still speak. Never rejects: its card shows it. */
  async ask(text: string, by: Principal, signal: AbortSignal): Promise<void> {
    if (this.#o.settings().quiet) return;
    try {
      this.#allowances.spend(by.id, text.length);
      const { mouth } = await this.#o.load();
      if (signal.aborted) return;
      const speech = this.#open(by, null);
      signal.addEventListener('abort', () => speech.controller.abort(), { once: true });
      await this.#say(speech, attributed(by.display, mouth.sentences(text), 'asks'), 'agent');
    } catch (failure) {
      this.#o.log.info('a question is shown and not said', { reason: String(failure) });
    }
  }

  /** What Hob itself says in a turn. Never rejects: what cannot be said was shown. */
  async reply(
    text: string,
    turnId: string,
    signal: AbortSignal,
    kind: Kind = 'reply',
  ): Promise<{ spoken: number; sentences: number }> {
    const speech = this.#open(null, turnId);
    const stop = (): void => speech.controller.abort();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const { mouth } = await this.#o.load();
      const sentences = mouth.sentences(withoutCitations(text));
      const { spoken } = await this.#say(speech, sentences, kind);
      return { spoken, sentences: sentences.length };
    } catch (failure) {
      this.#o.log.warn('a reply could not be said', { reason: String(failure) });
      return { spoken: 0, sentences: 0 };
    } finally {
      signal.removeEventListener('abort', stop);
      this.#speeches.delete(speech.id);
    }
  }

  /** Stops what this principal asked for; people stop everything. Resolves with how many there were. */
  stop(by: Principal): number {
    const mine = [...this.#speeches.values()].filter(
      (speech) => by.kind !== 'agent' || speech.by?.id === by.id,
    );
    for (const { controller } of mine) controller.abort();
    return mine.length;
  }

  /** Everything is silent at once: a person begins to talk. */
  hush(): void {
    for (const { controller } of this.#speeches.values()) controller.abort();
  }

  #open(by: Principal | null, turnId: string | null): Speech {
    const speech = { id: this.#o.ids.uuid(), by, turnId, controller: new AbortController() };
    this.#speeches.set(speech.id, speech);
    return speech;
  }

  async #say(
    speech: Speech,
    sentences: readonly string[],
    kind: Kind,
  ): Promise<{ spoken: number; stopped: boolean }> {
    const { mouth } = await this.#o.load();
    const caption = (active: boolean, index: number): void =>
      this.#o.live.send('runtime.speaking', {
        active,
        speech_id: speech.id,
        turn_id: speech.turnId,
        text: sentences[index] ?? null,
        index,
        total: sentences.length,
        by: speech.by?.kind === 'agent' ? speech.by.display : null,
      });
    this.#sounding += 1;
    try {
      return await mouth.say(sentences, {
        signal: speech.controller.signal,
        kind,
        onSentence: (index) => caption(!this.#o.settings().quiet, index),
      });
    } finally {
      this.#sounding -= 1;
      this.#speeches.delete(speech.id);
      if (this.#sounding === 0) caption(false, sentences.length);
    }
  }

  #later(ms: number, gone: AbortSignal, answer: SpeakResult): Promise<SpeakResult> {
    return new Promise((resolve) => {
      const stop = this.#o.clock.timer(ms, () => resolve(answer));
      gone.addEventListener(
        'abort',
        () => {
          stop();
          resolve(answer);
        },
        { once: true },
      );
    });
  }
}
