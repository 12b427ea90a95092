import type { LoadVoice, VoiceParts } from '#host/conversation/turns/ports.ts';
import type { Clock } from '#host/kernel/clock.ts';
import type { Log } from '#host/kernel/log.ts';
import type { VoiceSettings } from '#host/policy/core/voice-settings.ts';
import type { GrammarReport } from '#host/voice/facts.ts';
import { leftOutWords } from '#host/voice/recognition/core/left-out-words.ts';
import type { SpeechProblem } from '#host/voice/speech/mouth.ts';

export interface VoiceLoaderOptions {
  clock: Clock;
  log: Log;
  settings(): VoiceSettings;
  /** The speaker of this moment: moved, or as the settings say. */
  output(): string | null;
  /** How loud it is on the speaker: RMS 0..1, 20 times a second while something is said. */
  onSpokenLevel(level: number): void;
}

const failed = {
  voice: 'The voice cannot be started',
  speaker: 'The speaker gives no sound',
} as const;
const speechProblemWords = ({ part, cause }: SpeechProblem): string =>
  `${failed[part]}: ${cause instanceof Error ? cause.message : String(cause)}`;

const hearingProblemWords = (problem: string): string =>
  `Orders in noise are heard less well, since the speech model cannot be used: ${problem}.`;

/** What was listened for last; known once somebody has talked. */
const vocabularyPart = (report: GrammarReport): ReturnType<VoiceParts['engines']>[number] => ({
  part: 'vocabulary',
  engine: `${report.phrases} phrases`,
  problem: leftOutWords(report),
});

const isBundle = import.meta.url.endsWith('.js');
/** A worker's module: `dist/<name>.worker.js`, or its source. */
const workerAt = (folder: string, name: string): URL =>
  new URL(
    isBundle ? `./${name}.worker.js` : `../voice/${folder}/${name}.worker.ts`,
    import.meta.url,
  );

/** This machine's ears and mouth. Loads and starts nothing before their first use. */
export function voiceLoader(options: VoiceLoaderOptions): LoadVoice {
  let parts: Promise<VoiceParts> | null = null;
  return () => {
    parts ??= start(options).catch((failure: unknown) => {
      parts = null;
      throw failure;
    });
    return parts;
  };
}

async function start({
  clock,
  log,
  settings,
  output,
  onSpokenLevel,
}: VoiceLoaderOptions): Promise<VoiceParts> {
  const [audioOf, vadOf, recogniserOf, earsOf, mouthOf, wavOf] = await Promise.all([
    import('#host/voice/audio/open-audio.ts'),
    import('#host/voice/vad/create-vad.ts'),
    import('#host/voice/recognition/recogniser.ts'),
    import('#host/voice/ears.ts'),
    import('#host/voice/speech/create-mouth.ts'),
    import('#host/voice/audio/read-wav.ts'),
  ]);
  const library = (): VoiceSettings['engine'] => settings().engine;
  const audio = audioOf.openAudio({ library, worker: workerAt('audio', 'sound'), clock, log });
  const vad = new vadOf.SupervisedVad({ worker: workerAt('vad', 'vad'), clock, log });
  const stt = recogniserOf.createRecogniser({
    clock,
    log,
    model: { onProblem: (problem) => log.warn(hearingProblemWords(problem)) },
  });
  const mouth = mouthOf.createMouth({
    output: audio.output,
    worker: workerAt('speech/flite', 'flite'),
    clock,
    choice: () => ({ ...settings(), device: output() }),
    onLevel: onSpokenLevel,
    onProblem: (problem) => {
      if (problem !== null) log.warn(speechProblemWords(problem));
    },
  });
  let vocabulary: GrammarReport | null = null;
  return {
    ears: new earsOf.ListeningEars({ input: audio.input, vad, stt, clock }),
    mouth,
    async devices() {
      const all = await audio.devices();
      return {
        inputs: all.filter(({ kind }) => kind === 'input'),
        outputs: all.filter(({ kind }) => kind === 'output'),
      };
    },
    engines: () => [
      { part: 'sound', engine: library(), problem: null },
      { part: 'speech detection', engine: vad.status.engine, problem: vad.status.fallback },
      {
        part: 'recognition',
        engine: 'soundswallower',
        problem: stt.problem === null ? null : hearingProblemWords(stt.problem),
      },
      {
        part: 'speech',
        engine: 'flite',
        problem: mouth.problem === null ? null : speechProblemWords(mouth.problem),
      },
      ...(vocabulary === null ? [] : [vocabularyPart(vocabulary)]),
    ],
    async setPhrases(phrases) {
      const report = await stt.setPhrases(phrases);
      if (report === vocabulary) return;
      vocabulary = report;
      const { left_out } = report;
      if (left_out.length > 0)
        log.info('some phrases cannot be heard', {
          words: [...new Set(left_out.map(({ word }) => word))].slice(0, 20).join(' '),
          phrases: left_out.length,
        });
    },
    readWav: async (path, signal) =>
      (await wavOf.readWav(workerAt('audio', 'wav'), path, signal)).samples,
    async close() {
      await Promise.allSettled([mouth.dispose(), stt.dispose(), vad.dispose(), audio.dispose()]);
    },
  };
}
