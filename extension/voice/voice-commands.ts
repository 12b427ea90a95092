import * as vscode from 'vscode';
import type { Commands } from '../commands/ports.ts';
import type { Host } from '../host-process/host.ts';
import type { TalkService } from './talk-service.ts';

interface DeviceItem extends vscode.QuickPickItem {
  /** Null: whatever the system prefers. */
  readonly deviceId: string | null;
}

/** Talking, and what one talks into. */
export function voiceCommands(o: { host: Host; talk: TalkService; windowId: string }): Commands {
  const { host, talk, windowId } = o;
  /** Chooses a device; that it changed is seen in the panel's picker as well. */
  async function choose(kind: 'input' | 'output'): Promise<void> {
    const { inputs, outputs, home } = await host.request('audio.device_list', {});
    const name = `voice.${kind}_device`;
    const { config } = await host.request('config.get', {});
    const now = (config as Record<string, unknown>)[name] ?? null;
    const devices = kind === 'input' ? inputs : outputs;
    const what = kind === 'input' ? 'microphone' : 'speaker';
    if (devices.length === 0) {
      void vscode.window.showWarningMessage(`Hob: this machine has no ${what}.`);
      return;
    }
    const mark = (id: string | null): string => (id === now ? 'chosen' : '');
    const items: DeviceItem[] = [
      { label: 'What the system prefers', deviceId: null, description: mark(null) },
      ...devices.map(({ id, name: label, is_default: preferred }) => ({
        label,
        deviceId: id,
        description: [mark(id), preferred ? 'the system prefers it' : '']
          .filter(Boolean)
          .join(', '),
      })),
    ];
    const placeHolder = home.is_home
      ? `Which ${what} does Hob use?`
      : `Which ${what} does Hob use once it is back home?`;
    const chosen = await vscode.window.showQuickPick(items, { title: 'Hob', placeHolder });
    if (chosen === undefined || chosen.deviceId === now) return;
    await host.request('config.patch', { changes: { [name]: chosen.deviceId } });
    said(chosen.label);
  }

  async function toggleQuiet(): Promise<void> {
    const { config } = await host.request('config.get', {});
    const quiet = (config as Record<string, unknown>)['voice.quiet'] !== true;
    await host.request('config.patch', { changes: { 'voice.quiet': quiet } });
    const words = quiet
      ? '$(mute) Hob: answers are shown, not said'
      : '$(unmute) Hob: speaks again';
    vscode.window.setStatusBarMessage(words, 4_000);
  }

  const said = (words: string): void =>
    void vscode.window.setStatusBarMessage(`$(mic) Hob: ${words}`, 4_000);

  /** From now on what is said in any window acts in this one. */
  async function moveVoiceHere(): Promise<void> {
    await host.request('device.move', { window_id: windowId });
    said('what is said acts in this window');
  }

  async function moveVoiceHome(): Promise<void> {
    await host.request('device.go_home', {});
    said('what is said acts where it is said');
  }

  return {
    talk: () => talk.fire(),
    stopTalking: () => talk.cancel(),
    stopSpeaking: () => host.request('speech.stop', {}),
    chooseMicrophone: () => choose('input'),
    chooseSpeaker: () => choose('output'),
    toggleQuiet,
    moveVoiceHere,
    moveVoiceHome,
  };
}
