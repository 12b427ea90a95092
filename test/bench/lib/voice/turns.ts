// From the last sound of an order to its effect, through a whole host: ears, turn, intent, policy, run and the
// editor's window that is told to act. Only the microphone is a recording.
import { performance } from 'node:perf_hooks';
import type { TurnView } from '#schema/views/turn.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { ListeningEars } from '#host/voice/ears.ts';
import type { SttEngine } from '#host/voice/ports.ts';
import { createRecogniser } from '#host/voice/recognition/recogniser.ts';
import { SupervisedVad } from '#host/voice/vad/create-vad.ts';
import { FakeVoice } from '../../../fakes/fake-voice.ts';
import { TEST_WORKSPACE } from '../../../fakes/test-editor.ts';
import { startTestHost, type TestHost } from '../../../fakes/test-host.ts';
import { quantile, type BenchRow } from '../../table.ts';
import { readAloud } from '../speech/read-aloud.ts';
import { watchLoop } from './loop-gap.ts';
import { PacedMicrophone } from './paced-microphone.ts';
import { timeRow } from './rows.ts';

const ORDERS = ['open settings', 'go to line one hundred and twenty', 'toggle the terminal'];
const ROUNDS = 12;
const vadWorker = new URL('../../../../dist/vad.worker.js', import.meta.url);
const sttWorker = new URL('../../../../dist/recognition.worker.js', import.meta.url);

export async function measureTurns(): Promise<BenchRow[]> {
  const read = await readAloud({ id: 'rms', engine: 'flite', voice: 'rms' }, ORDERS);
  const microphone = new PacedMicrophone();
  const vad = new SupervisedVad({ worker: vadWorker, clock: systemClock, log: silentLog });
  const stt = createRecogniser({ worker: sttWorker });
  const took: number[] = [];
  const ears = new ListeningEars({
    input: microphone,
    vad,
    stt: watching(stt, took),
    clock: systemClock,
  });
  const voice = Object.assign(new FakeVoice(), {
    ears,
    setPhrases: async (phrases: Parameters<typeof stt.setPhrases>[0]) =>
      void (await stt.setPhrases(phrases)),
  });
  const t = await startTestHost({ voice: () => Promise.resolve(voice) });
  try {
    await t.editor.open([t.workspace], {
      capabilities: ['editor.open_settings', 'editor.go_to_line', 'editor.toggle_terminal'],
    });
    const times = { hold: [] as number[], tap: [] as number[] };
    // The first turn loads the model, the second the phrases that the first one made known.
    for (const _ of [1, 2]) await turn(t, microphone, read.get('open settings'), 'hold');
    took.length = 0;
    const missed: string[] = [];
    const loop = watchLoop();
    for (let round = 0; round < ROUNDS; round += 1)
      for (const mode of ['hold', 'tap'] as const) {
        const order = ORDERS[round % ORDERS.length] ?? '';
        const effect = await turn(t, microphone, read.get(order), mode);
        if ('ms' in effect) times[mode].push(effect.ms);
        else missed.push(`${order} → ${effect.missed}`);
      }
    return [
      missedRow(missed),
      timeRow('last sample and hand away → effect, p50', quantile(times.hold, 0.5), 20),
      timeRow('  of it until the recogniser has answered, p50', quantile(took, 0.5)),
      timeRow('hand away → effect, p95', quantile(times.hold, 0.95), 500),
      timeRow('last sample → effect, end found by silence, p50', quantile(times.tap, 0.5), 350),
      timeRow('  p95', quantile(times.tap, 0.95)),
      timeRow('longest gap of the main loop while decoding', loop.stop(), 50),
    ];
  } finally {
    await t[Symbol.asyncDispose]();
    await Promise.all([stt.dispose(), vad.dispose()]);
  }
}

/** The recogniser, and how long after the end of the sound it answers. */
function watching(stt: SttEngine, took: number[]): SttEngine {
  return {
    setPhrases: (phrases) => stt.setPhrases(phrases),
    open() {
      const session = stt.open();
      return {
        ...session,
        async finish() {
          const recognition = await session.finish();
          took.push(recognition.took_ms);
          return recognition;
        },
      };
    },
  };
}

/** Orders that came to nothing are in no time below; how many may is said by what is measured of recognition. */
const missedRow = (missed: readonly string[]): BenchRow => {
  const which = [...new Set(missed)].join('; ');
  return {
    what: `orders without an effect, of ${2 * ROUNDS}${which === '' ? '' : ` (${which})`}`,
    value: missed.length,
    unit: '',
    goal: '',
    ok: null,
  };
};

/** Milliseconds to the effect, or what became of the order instead. */
type Effect = { ms: number } | { missed: string };

/** One spoken order; from its last sample to the call that the window gets. */
async function turn(
  t: TestHost,
  microphone: PacedMicrophone,
  samples: Float32Array | undefined,
  mode: 'hold' | 'tap',
): Promise<Effect> {
  if (samples === undefined) throw new Error('nothing to say');
  const told = Promise.withResolvers<{ at: number; id: string; token: string }>();
  const stop = t.editor.client.onEvent(({ event, payload }) => {
    const { token, tool_call_id } = payload as { token?: string; tool_call_id: string };
    if (event === 'runtime.tool_call' && token !== undefined)
      told.resolve({ at: performance.now(), id: tool_call_id, token });
  });
  try {
    const played = microphone.play(samples);
    const inWorkspace = { workspaceId: TEST_WORKSPACE };
    const { turn_id } = await t.editor.client.request(
      'conversation.listen_start',
      t.editor.listen({ mode }),
      inWorkspace,
    );
    const last = await played;
    if (mode === 'hold')
      await t.editor.client.request('conversation.listen_stop', { window_id: 'w1' });
    const over = t.editor.client.request('conversation.turn_get', { turn_id, wait_ms: 20_000 });
    const call = await Promise.race([told.promise, over.then(({ turn: view }) => missed(view))]);
    if ('missed' in call) return call;
    await t.editor.client.request('toolcall.fail', {
      tool_call_id: call.id,
      token: call.token,
      error: { code: 'editor_no_effect', message: 'measured', retryable: true },
    });
    await over;
    return { ms: call.at - last };
  } finally {
    stop();
  }
}

function missed({ heard, ended_reason }: TurnView): { missed: string } {
  if (heard === null) return { missed: ended_reason ?? 'nothing heard' };
  return { missed: `${heard.accepted ? 'heard' : 'in doubt'} "${heard.text}"` };
}
