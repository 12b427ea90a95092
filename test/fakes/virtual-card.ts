// A private PulseAudio with a speaker and a microphone that are none: what is played into `micin` is what
// the microphone hears, what the speaker plays is read back from its monitor.
import {
  spawn,
  execFileSync,
  type ChildProcess,
  type ChildProcessByStdio,
} from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

export interface VirtualCard {
  /** For the process that is to see this card alone. */
  readonly env: Readonly<Record<string, string>>;
  /** Plays 16 kHz mono into the microphone; resolves when it has sounded. */
  speak(samples: Float32Array): Promise<void>;
  /** Plays 16 kHz mono on the speaker, as any program may; resolves when it has sounded. */
  play(samples: Float32Array): Promise<void>;
  /** Records what the speaker plays, 16 kHz mono, until the returned function is called. */
  record(): () => Promise<Float32Array>;
  /** Tells what the speaker plays, 10 ms after it, until the returned function is called. */
  follow(hear: (samples: Float32Array) => void): () => void;
  /** How many programs have the microphone open. */
  listeners(): number;
  /** Switches the microphone off or on again in the system. */
  mute(off: boolean): void;
  /** Connects another device of this name, or pulls it out again. */
  plug(name: string, isThere: boolean): void;
  /** Pulls the whole card out. */
  unplug(): void;
  stop(): Promise<void>;
}

const raw = (latencyMs: number): string[] => [
  '--raw',
  '--format=float32le',
  '--rate=16000',
  '--channels=1',
  `--latency-msec=${latencyMs}`,
];
/** A busy machine loses nothing of what waits so long. */
const SAFE_MS = 1_000;

/** `room`: the microphone hears what the speaker plays, as in a room without headphones. */
export async function startVirtualCard({ room = false } = {}): Promise<VirtualCard> {
  const dir = temporaryFolder('card');
  mkdirSync(path.join(dir, 'pulse'), { mode: 0o700 });
  const alsa = path.join(dir, 'asound.conf');
  const usual =
    '</usr/share/alsa/alsa.conf>\npcm.!default { type pulse }\nctl.!default { type pulse }\n';
  writeFileSync(alsa, usual);
  const socket = path.join(dir, 'pulse/native');
  const env = { PULSE_SERVER: `unix:${socket}`, ALSA_CONFIG_PATH: alsa };
  const all = {
    ...process.env,
    ...env,
    HOME: dir,
    XDG_RUNTIME_DIR: dir,
    PULSE_RUNTIME_PATH: path.join(dir, 'pulse'),
  };
  const modules = [
    `module-native-protocol-unix socket=${socket} auth-anonymous=1`,
    'module-null-sink sink_name=spk rate=48000 channels=2',
    'module-null-sink sink_name=micin rate=16000 channels=1',
    'module-remap-source master=micin.monitor source_name=vmic',
    ...(room ? ['module-loopback source=spk.monitor sink=micin latency_msec=60'] : []),
  ];
  const options = [
    '-n',
    '--exit-idle-time=-1',
    '--use-pid-file=no',
    '--disallow-exit',
    '--log-level=error',
    // In real time the kernel would end it where a busy machine stands still.
    '--realtime=no',
  ];
  const server = spawn('pulseaudio', [...options, ...modules.flatMap((one) => ['-L', one])], {
    env: all,
    stdio: 'ignore',
  });
  const pactl = (...args: string[]): string =>
    execFileSync('pactl', args, {
      env: all,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const into = async (sink: string, samples: Float32Array): Promise<void> => {
    const play = spawn('pacat', ['--playback', '-d', sink, ...raw(SAFE_MS)], {
      env: all,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    play.stdin.end(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
    await once(play, 'exit');
  };
  const recorder = (latencyMs: number): ChildProcessByStdio<null, Readable, null> =>
    spawn('pacat', ['--record', '-d', 'spk.monitor', ...raw(latencyMs)], {
      env: all,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  await untilUp(server, () => pactl('set-default-source', 'vmic'));
  pactl('set-default-sink', 'spk');
  return {
    env,
    speak: (samples) => into('micin', samples),
    play: (samples) => into('spk', samples),
    record() {
      const recording = recorder(SAFE_MS);
      const parts: Buffer[] = [];
      recording.stdout.on('data', (part: Buffer) => parts.push(part));
      return async () => {
        const gone = once(recording, 'close');
        recording.kill();
        await gone;
        return floatsOf(Buffer.concat(parts));
      };
    },
    follow(hear) {
      const recording = recorder(10);
      recording.stdout.on('data', (part: Buffer) => hear(floatsOf(part)));
      return () => void recording.kill();
    },
    listeners() {
      const lines = pactl('list', 'short', 'source-outputs').split('\n');
      // What belongs to no client is a module of the card itself.
      return lines.filter((line) => /^\d+\t\d+\t\d+\t/.test(line)).length;
    },
    mute: (off) => void pactl('set-source-mute', 'vmic', off ? '1' : '0'),
    plug(name, isThere) {
      const more = `pcm.${name} { type pulse hint { show on description "${name}" } }\n`;
      writeFileSync(alsa, isThere ? usual + more : usual);
    },
    unplug() {
      server.kill('SIGKILL');
    },
    async stop() {
      if (server.exitCode === null && server.signalCode === null) {
        const gone = once(server, 'exit');
        server.kill('SIGKILL');
        await gone;
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const floatsOf = (bytes: Buffer): Float32Array =>
  new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~3)));

async function untilUp(server: ChildProcess, answers: () => void): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`pulseaudio ended with ${server.exitCode}`);
    try {
      return answers();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
