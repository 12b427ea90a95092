// Microphone and speaker on a virtual card, through both sound libraries in their real process.
import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, it } from 'mocha';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { openAudio, type Audio } from '#host/voice/audio/open-audio.ts';
import { EngineProcess } from '#host/voice/engine/engine-process.ts';
import type { MicError } from '#host/voice/ports.ts';
import { root } from '../../scripts/lib/steps.ts';
import { bestCorrelation } from '../fakes/correlation.ts';
import { startVirtualCard, type VirtualCard } from '../fakes/virtual-card.ts';

const worker = pathToFileURL(path.join(root, 'host/voice/audio/sound.worker.ts'));
const RATE = 16_000;

/** Two seconds that are like nothing but themselves: a tone that rises and beats. */
const sound = Float32Array.from({ length: 2 * RATE }, (_, i) => {
  const t = i / RATE;
  return (
    0.4 * Math.sin(2 * Math.PI * (200 + 300 * t) * t) * (1 - 0.5 * Math.cos(2 * Math.PI * 3 * t))
  );
});

const piece = sound.subarray(RATE / 2, RATE);

/** What the microphone gives while the sound is played. */
async function recorded(audio: Audio, card: VirtualCard): Promise<Float32Array> {
  const heard: Float32Array[] = [];
  const stop = new AbortController();
  const keep = (frame: Float32Array): unknown => heard.push(frame.slice());
  const microphone = await audio.input.open(null, keep, stop.signal);
  await card.speak(sound);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  stop.abort();
  assert.equal(await microphone.ended, null);
  return Float32Array.from(heard.flatMap((frame) => [...frame]));
}

/** What sounds on the card while the first half of the sound is played. */
async function played(audio: Audio, card: VirtualCard): Promise<Float32Array> {
  const heard: Float32Array[] = [];
  const stop = card.follow((samples) => heard.push(samples));
  // A card that nobody listens to sleeps for two seconds at a time.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const closed = new AbortController();
  const speaker = await audio.output.open(null, RATE, closed.signal);
  await speaker.write(sound.subarray(0, RATE));
  await speaker.drained();
  closed.abort();
  await new Promise((resolve) => setTimeout(resolve, 300));
  stop();
  return Float32Array.from(heard.flatMap((samples) => [...samples]));
}

/** How often decibri was started for two sounds, of which the second was late, and the silence before it in samples. */
async function lateStart(): Promise<{ starts: number; silence: number }> {
  const module = pathToFileURL(path.join(root, 'test/process/fixtures/late-start.ts'));
  const process = new EngineProcess({ ...own, name: 'late start', module, idleMs: 60_000 });
  let started = { starts: 0, silence: 0 };
  try {
    for (const _ of [1, 2]) {
      const asked = { library: 'decibri', device: null, sampleRate: RATE };
      const { stream } = (await process.request('open_output', asked)) as { stream: number };
      await process.request('write', { stream, samples: sound.slice(0, RATE / 5) });
      started = (await process.request('started', {})) as typeof started;
      await process.request('stop_output', { stream });
    }
    return started;
  } finally {
    await process.stop();
  }
}

/** Longest pause that sound survives on its way through this process, PulseAudio and the library. */
const STANDSTILL_MS = 40;
const TRIES = 4;

/** The first outcome of a try during which the machine did not stand still; undefined when there was none. */
async function undisturbed<T>(attempt: () => Promise<T>): Promise<T | undefined> {
  const failed = (thrown: unknown): { thrown: unknown } => ({ thrown });
  for (let i = 0; i < TRIES; i++) {
    let longest = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const outcome = await attempt().then((value) => ({ value }), failed);
    clearInterval(watch);
    if (longest > STANDSTILL_MS) continue;
    if ('thrown' in outcome) throw outcome.thrown;
    return outcome.value;
  }
  return undefined;
}

const own = { clock: systemClock, log: silentLog };
const compiled = path.join(root, 'node_modules/naudiodon/build/Release/naudiodon.node');

for (const library of ['decibri', 'naudiodon'] as const) {
  describe(`sound through ${library}`, function () {
    let card: VirtualCard;
    let audio: Audio;
    const outside: Record<string, string | undefined> = {};

    before(async () => {
      if (library === 'naudiodon' && !existsSync(compiled))
        throw new Error('not compiled; run: node scripts/bootstrap.mjs --with naudiodon');
      card = await startVirtualCard();
      for (const [name, value] of Object.entries(card.env)) {
        outside[name] = process.env[name];
        process.env[name] = value;
      }
      audio = openAudio({ ...own, library: () => library, worker });
    });
    after(async () => {
      await audio?.dispose();
      await card?.stop();
      for (const [name, value] of Object.entries(outside)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    });

    it('[V-60] lists a microphone and a speaker, one of each the default', async () => {
      const devices = await audio.devices();
      for (const kind of ['input', 'output'] as const)
        assert.equal(devices.filter((one) => one.kind === kind && one.is_default).length, 1, kind);
    });

    it('[V-60] [V-61] sees and opens what was plugged in while another device was open, and sees it pulled out', async () => {
      const { signal } = new AbortController();
      const ignore = (): void => undefined;
      const ids = async (): Promise<Map<string, string>> => {
        const headset = (await audio.devices()).filter(({ name }) => name.includes('headset'));
        return new Map(headset.map(({ kind, id }) => [kind, id]));
      };
      const microphone = await audio.input.open(null, ignore, signal);
      const speaker = await audio.output.open(null, RATE, signal);
      assert.equal((await ids()).size, 0);
      card.plug('headset', true);
      const plugged = await ids();
      assert.equal(plugged.size, 2);
      microphone.close();
      const other = await audio.input.open(plugged.get('input') ?? '', ignore, signal);
      assert.match(other.device.name, /headset/);
      other.close();
      await speaker.stop();
      await (await audio.output.open(plugged.get('output') ?? '', RATE, signal)).stop();
      card.plug('headset', false);
      assert.equal((await ids()).size, 0);
    });

    it('[V-60] hears what is said', async function () {
      const best = await undisturbed(async () =>
        bestCorrelation(piece, await recorded(audio, card)),
      );
      // A machine that stands still for longer than a sound card can wait loses sound, whatever records it.
      if (best === undefined) return this.skip();
      assert.ok(best > 0.99, `correlation ${best}`);
    });

    it('[V-60] sounds to its very end', async function () {
      const best = await undisturbed(async () => bestCorrelation(piece, await played(audio, card)));
      if (best === undefined) return this.skip();
      assert.ok(best > 0.99, `correlation ${best}`);
    });

    if (library === 'decibri')
      it('[V-60] starts anew where the speaker was ready before the sound was there', async function () {
        const started = await undisturbed(lateStart);
        if (started === undefined) return this.skip();
        assert.equal(started.silence, 0);
        // A busy machine makes some of the others late too.
        assert.ok(started.starts > 2, `${started.starts}`);
      });

    it('[V-61] pulled out while it is open, the microphone ends and says why', async () => {
      const stop = new AbortController();
      const microphone = await audio.input.open(null, () => undefined, stop.signal);
      card.unplug();
      const failure: MicError | null = await microphone.ended;
      assert.ok(failure !== null);
      assert.ok(['device_lost', 'failed'].includes(failure.reason), failure.reason);
      assert.ok(failure.message.length > 20);
      await assert.rejects(
        audio.input.open(null, () => undefined, stop.signal),
        { name: 'MicError' },
      );
    });
  });
}
