import type { CommandPayload, CommandResult } from '#schema/commands/registry.ts';
import type { VoiceHome } from '#schema/views/turn.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { VoiceSettings } from '#host/policy/core/voice-settings.ts';
import { micError } from './hear.ts';
import type { LoadVoice } from './ports.ts';
import { VoiceSession } from './session.ts';

export interface PlacesOptions {
  load: LoadVoice;
  settings(): Promise<VoiceSettings>;
  hasWindow(windowId: string): boolean;
}

/** Where one talks and listens: which window turns act on, which microphone and speaker are used. */
export class VoicePlaces {
  readonly #o: PlacesOptions;
  readonly #session = new VoiceSession();

  constructor(options: PlacesOptions) {
    this.#o = options;
  }

  /** As it is now, under these settings. */
  home(settings: VoiceSettings): VoiceHome {
    return this.#session.home(settings);
  }

  /** Throws `voice_unavailable` and why, and `microphone_*`. */
  async devices(): Promise<CommandResult<'audio.device_list'>> {
    const voice = await this.#o.load();
    const settings = await this.#o.settings();
    const devices = await voice.devices().catch((failure: unknown) => {
      throw micError(failure);
    });
    return {
      ...devices,
      home: this.home(settings),
      gate_open: settings.gate === 'open',
      voices: [...voice.mouth.voices()],
      engines: voice.engines(),
    };
  }

  /** Throws `not_found` for a window that is not open. */
  async move(to: CommandPayload<'device.move'>): Promise<VoiceHome> {
    if (to.window_id !== undefined && !this.#o.hasWindow(to.window_id))
      throw new HobError('not_found', { message: 'No window with that id is open.' });
    this.#session.move(to);
    return this.home(await this.#o.settings());
  }

  async goHome(): Promise<VoiceHome> {
    this.#session.goHome();
    return this.home(await this.#o.settings());
  }

  windowClosed(windowId: string): void {
    this.#session.windowClosed(windowId);
  }
}
