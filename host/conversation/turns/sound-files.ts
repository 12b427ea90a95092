import type { CommandPayload, CommandResult } from '#schema/commands/registry.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { Speaker } from '../ports.ts';
import type { ActiveTurn, CourseResult } from './active-turn.ts';
import type { Opening } from './open-turn.ts';
import type { LoadVoice } from './ports.ts';

type Payload = CommandPayload<'conversation.inject_audio'>;
type Result = CommandResult<'conversation.inject_audio'>;

export interface SoundFilesOptions {
  load: LoadVoice;
  /** Makes the turn and gives it the ears. Throws `microphone_in_use`. */
  begin(speaker: Speaker, opening: Opening): Promise<ActiveTurn>;
  run(turn: ActiveTurn): Promise<CourseResult>;
}

/** WAV files that play the part of the microphone, one after the other. A person who talks comes first. */
export class SoundFiles {
  readonly #o: SoundFilesOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SoundFilesOptions) {
    this.#o = options;
  }

  /** Throws `audio_*`, `microphone_in_use`, and what a typed sentence throws. */
  async hear(payload: Payload, speaker: Speaker): Promise<Result> {
    const before = this.#last;
    const mine = Promise.withResolvers<void>();
    this.#last = mine.promise;
    try {
      await before;
      return await this.#hear(payload, speaker);
    } finally {
      mine.resolve();
    }
  }

  async #hear(
    { path, window_id, paced, dry_run, wait_ms }: Payload,
    speaker: Speaker,
  ): Promise<Result> {
    const voice = await this.#o.load();
    const samples = await voice.readWav(path, speaker.closed);
    const turn = await this.#o.begin(speaker, {
      mode: 'file',
      window_id: null,
      acts_on: window_id ?? null,
      samples,
      paced,
      dry_run,
      wait_ms,
    });
    const result = await this.#o.run(turn);
    const record = structuredClone(turn.record.view);
    if ('said' in result) return { ...result.said, record };
    if (result.nothing === 'aborted')
      throw new HobError('microphone_in_use', {
        message: 'Somebody began to talk, so the file was not heard. Try it again.',
      });
    return { ...nothingHeard, record };
  }
}

const nothingHeard = {
  turn_id: null,
  transcript: '',
  intent: null,
  closest: [],
  decision: null,
  run_id: null,
  approval_id: null,
  status: 'not_understood' as const,
  reply: 'I heard nothing.',
  event_seqs: [],
  result: null,
  error: null,
};
