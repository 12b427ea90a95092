import type { VoiceHome } from '#schema/views/turn.ts';
import type { VoiceSettings } from '#host/policy/core/voice-settings.ts';

interface Moved {
  window_id?: string | undefined;
  input?: string | undefined;
  output?: string | undefined;
}

/** Where the voice session is: at home with the settings, or moved to a window or to devices until it goes home. */
export class VoiceSession {
  #moved: Moved = {};

  home({ input_device, output_device }: VoiceSettings): VoiceHome {
    return {
      window_id: this.#moved.window_id ?? null,
      input: this.#moved.input ?? input_device,
      output: this.#moved.output ?? output_device,
      is_home: Object.keys(this.#moved).length === 0,
    };
  }

  move(to: Moved): void {
    this.#moved = { ...this.#moved, ...to };
  }

  goHome(): void {
    this.#moved = {};
  }

  /** A window that closed takes nothing with it but itself. */
  windowClosed(windowId: string): void {
    if (this.#moved.window_id === windowId) delete this.#moved.window_id;
  }
}
