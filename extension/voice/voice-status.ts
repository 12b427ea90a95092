// What the editor itself shows of a spoken turn: the status bar while a microphone is open, the words of a
// failure when the panel is not there to say them, and `hob.listening` for Esc.
import * as vscode from 'vscode';
import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import type { Host } from '../host-process/host.ts';

export interface VoiceStatusOptions {
  host: Host;
  windowId: string;
  panelVisible: () => boolean;
}

/** What an open microphone is open for. */
const shown = {
  listens: {
    text: '$(mic-filled) Hob listens',
    tooltip: 'The microphone is open. A click forgets what is being said.',
  },
  level: {
    text: '$(mic) Hob shows the level',
    tooltip: 'The microphone is open while you choose one. Nothing of what it hears is kept.',
  },
  elsewhere: {
    text: '$(mic) Hob listens elsewhere',
    tooltip: 'The microphone is open for another window.',
  },
} as const;

const CHOOSE = 'Choose Microphone…';

export class VoiceStatus implements vscode.Disposable {
  readonly #o: VoiceStatusOptions;
  readonly #item: vscode.StatusBarItem;
  readonly #subscriptions: vscode.Disposable;

  constructor(options: VoiceStatusOptions) {
    this.#o = options;
    this.#item = vscode.window.createStatusBarItem('hob.voice', vscode.StatusBarAlignment.Left, 89);
    this.#item.name = 'Hob: microphone';
    this.#item.command = 'hob.stopTalking';
    this.#subscriptions = vscode.Disposable.from(
      options.host.onEvent((event) => this.#onEvent(event)),
      options.host.onDidChangeState(({ kind }) => {
        if (kind !== 'connected') this.#show(null);
      }),
    );
  }

  /** Says why talking did not begin, unless the panel does. */
  problem({ code, message }: WireError): void {
    if (this.#o.panelVisible()) return;
    const ways = code.startsWith('microphone_') && code !== 'microphone_in_use' ? [CHOOSE] : [];
    void vscode.window.showWarningMessage(`Hob: ${message}`, ...ways).then((chosen) => {
      if (chosen === CHOOSE) void vscode.commands.executeCommand('hob.chooseMicrophone');
    });
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#item.dispose();
  }

  #onEvent({ event, payload }: EventEnvelope): void {
    if (event !== 'runtime.mic_status') return;
    const { state, window_id, turn_id, code, message } = payload as Record<string, string | null>;
    // A muted microphone is open all the same.
    if (typeof message === 'string' && window_id === this.#o.windowId)
      this.problem({ code: code ?? 'microphone_failed', message, retryable: true });
    if (state !== 'open' && state !== 'opening') return this.#show(null);
    const here = window_id === this.#o.windowId;
    this.#show(!here ? 'elsewhere' : turn_id === null ? 'level' : 'listens');
  }

  /** Null: no microphone is open. */
  #show(what: keyof typeof shown | null): void {
    void vscode.commands.executeCommand('setContext', 'hob.listening', what === 'listens');
    if (what === null) return this.#item.hide();
    const { text, tooltip } = shown[what];
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: this.#item.text.replace(/^\$\([^)]*\) /, '') };
    this.#item.show();
  }
}
