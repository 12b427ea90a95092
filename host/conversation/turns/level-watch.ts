import type { CommandPayload, CommandResult } from '#schema/commands/registry.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError, toWireError } from '#host/kernel/errors.ts';
import type { AudioDevice, OpenMicrophone } from '#host/voice/ports.ts';
import { micError } from './hear.ts';
import type { LiveEvents, LoadVoice } from './ports.ts';

export interface LevelWatchOptions {
  clock: Clock;
  live: LiveEvents;
  load: LoadVoice;
  /** The microphone that a turn would use now. */
  input(): string | null;
  isGateOpen(): boolean;
  /** A turn has the microphone, and tells its level. */
  isTalking(): boolean;
}

/** Who watches asks again within this time, or the microphone is closed. */
const LEASE_MS = 6_000;

interface Watch {
  readonly connection_id: string;
  readonly window_id: string;
  readonly input: string | null;
  readonly closing: AbortController;
  readonly opened: Promise<AudioDevice>;
  device: string | null;
}

/**
 * A microphone that is open for its level alone, while somebody chooses one. It is shown as open, hears nothing,
 * and closes with the picker, its window, the gate, or the first turn.
 */
export class LevelWatch {
  readonly #o: LevelWatchOptions;
  #watch: Watch | null = null;
  #cancelLease: () => void = () => undefined;

  constructor(options: LevelWatchOptions) {
    this.#o = options;
  }

  /** Throws `microphone_*`, and `voice_unavailable`. */
  async set(
    { window_id, on }: CommandPayload<'audio.level_watch'>,
    connectionId: string,
  ): Promise<CommandResult<'audio.level_watch'>> {
    if (!on) {
      this.connectionClosed(connectionId);
      return { device: null };
    }
    if (!this.#o.isGateOpen()) throw new HobError('microphone_closed');
    if (this.#o.isTalking()) return { device: null };
    const input = this.#o.input();
    // A second window that looks hears the same one: two would take it from each other at every call.
    if (this.#watch === null || this.#watch.input !== input) {
      this.stop();
      this.#watch = this.#open(window_id, connectionId, input);
    }
    const watch = this.#watch;
    this.#renew();
    const { name } = await watch.opened;
    return { device: name };
  }

  /** The microphone is needed, or nobody may watch any more. */
  stop(): void {
    this.#end(null);
  }

  connectionClosed(connectionId: string): void {
    if (this.#watch?.connection_id === connectionId) this.stop();
  }

  #open(window_id: string, connection_id: string, input: string | null): Watch {
    const closing = new AbortController();
    const opening = this.#listen(input, closing.signal);
    const watch: Watch = {
      connection_id,
      window_id,
      input,
      closing,
      device: null,
      opened: opening.then(
        ({ device }) => {
          watch.device = device.name;
          if (this.#watch === watch) this.#tell(watch, 'open', null);
          return device;
        },
        (failure: unknown) => {
          // Who asked is told; what was never open does not close.
          if (this.#watch === watch) this.#watch = null;
          throw micError(failure);
        },
      ),
    };
    watch.opened.catch(() => undefined);
    void opening.then(
      async ({ ended }) => {
        const failure = await ended;
        if (this.#watch === watch)
          this.#end(failure === null ? null : toWireError(micError(failure)));
      },
      () => undefined,
    );
    return watch;
  }

  async #listen(device: string | null, signal: AbortSignal): Promise<OpenMicrophone> {
    const { ears } = await this.#o.load();
    return ears.watchLevel({
      device,
      signal,
      onLevel: (level) => {
        if (!signal.aborted) this.#level(level);
      },
      onMuted: () => {
        const watch = this.#watch;
        if (watch !== null && !signal.aborted)
          this.#tell(watch, 'open', new HobError('microphone_muted').toWire());
      },
    });
  }

  #renew(): void {
    this.#cancelLease();
    this.#cancelLease = this.#o.clock.timer(LEASE_MS, () => this.stop());
  }

  #end(error: WireError | null): void {
    const watch = this.#watch;
    if (watch === null) return;
    this.#watch = null;
    this.#cancelLease();
    watch.closing.abort();
    this.#level(0);
    this.#tell(watch, error === null ? 'closed' : 'error', error);
  }

  #level(level: number): void {
    this.#o.live.send('runtime.audio_level', { of: 'microphone', level }, true);
  }

  #tell(
    { window_id, device }: Watch,
    state: 'open' | 'closed' | 'error',
    error: WireError | null,
  ): void {
    this.#o.live.send('runtime.mic_status', {
      state,
      turn_id: null,
      window_id,
      device,
      code: error?.code ?? null,
      message: error?.message ?? null,
      gate_open: this.#o.isGateOpen(),
    });
  }
}
