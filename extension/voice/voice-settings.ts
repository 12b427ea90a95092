// The voice settings of the editor, given on to the host, where they hold for every window.
import * as vscode from 'vscode';
import { describeFailure } from '#schema/client/errors.ts';
import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';
import type { Host } from '../host-process/host.ts';
import { storedIn } from '../host-process/stored.ts';
import { changesToPush } from './core/pushed-settings.ts';
import type { TalkSetting } from './core/talk.ts';

/** `hob.voice.*` of the editor → setting of the host. */
const names: Readonly<Record<string, string>> = {
  talk: 'voice.talk',
  silenceMs: 'voice.silence_ms',
  editTranscript: 'voice.edit_transcript',
  quiet: 'voice.quiet',
  captions: 'voice.captions',
  voice: 'voice.voice',
  rate: 'voice.rate',
  engine: 'voice.engine',
};
/** What was given on last, by setting of the host. */
const PUSHED = 'voice.pushed';

export interface VoiceSettingsOptions {
  host: Host;
  memory: vscode.Memento;
  log: vscode.LogOutputChannel;
}

/**
 * Only what a person wrote into their settings goes to the host, and only when it changed: the panel and
 * other editors change the same settings there, and a new window must not undo that.
 */
export class VoiceSettings implements vscode.Disposable {
  readonly #o: VoiceSettingsOptions;
  readonly #subscriptions: vscode.Disposable;
  #talk: TalkSetting = 'auto';

  constructor(options: VoiceSettingsOptions) {
    this.#o = options;
    this.#subscriptions = vscode.Disposable.from(
      options.host.onDidChangeState(({ kind }) => {
        if (kind === 'connected') void this.#connected();
      }),
      options.host.onEvent((event) => this.#onEvent(event)),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('hob.voice')) void this.#push();
      }),
    );
  }

  /** How this person talks, as the host has it. */
  get talk(): TalkSetting {
    return this.#talk;
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #connected(): Promise<void> {
    await this.#push();
    try {
      const { config } = await this.#o.host.request('config.get', {});
      this.#know(config);
    } catch (failure) {
      this.#o.log.warn(`voice settings: ${describeFailure(failure).message}`);
    }
  }

  async #push(): Promise<void> {
    const { host, memory, log } = this.#o;
    if (host.state.kind !== 'connected') return;
    const pushed = memory.get<JsonObject>(PUSHED, {});
    const { written, defaults } = this.#settings();
    const changes = changesToPush({ written, pushed, defaults });
    if (Object.keys(changes).length === 0) return;
    try {
      await host.request('config.patch', { changes });
      await memory.update(PUSHED, written);
    } catch (failure) {
      const { message } = describeFailure(failure);
      log.warn(`voice settings: ${message}`);
      void vscode.window.showWarningMessage(`Hob: a voice setting was not taken. ${message}`);
    }
  }

  /** What the person wrote, and what counts otherwise, by setting of the host. */
  #settings(): { written: JsonObject; defaults: JsonObject } {
    const config = vscode.workspace.getConfiguration('hob.voice');
    const written: JsonObject = {};
    const defaults: JsonObject = {};
    for (const [key, name] of Object.entries(names)) {
      const { globalValue, defaultValue } = config.inspect<JsonValue>(key) ?? {};
      if (globalValue !== undefined) written[name] = globalValue;
      if (defaultValue !== undefined) defaults[name] = defaultValue;
    }
    return { written, defaults };
  }

  #onEvent(event: EventEnvelope): void {
    const stored = storedIn(event);
    if (stored?.event_type === 'config.patched') this.#know(stored.data['changes'] as JsonObject);
  }

  #know(config: JsonObject | undefined): void {
    const talk = config?.['voice.talk'];
    if (talk === 'auto' || talk === 'hold' || talk === 'tap') this.#talk = talk;
  }
}
