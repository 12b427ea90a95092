import type { ConversationService } from '#host/conversation/service.ts';
import type { Workspaces } from '#host/conversation/ports.ts';
import type { LoadVoice } from '#host/conversation/turns/ports.ts';
import { prepareTitles } from '#host/conversation/turns/phrases.ts';
import { TurnService } from '#host/conversation/turns/service.ts';
import { InquiryService } from '#host/inquiries/service.ts';
import type { Connection } from '#host/ipc/ports.ts';
import type { Clock } from '#host/kernel/clock.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Log } from '#host/kernel/log.ts';
import { voiceSettingsOf } from '#host/policy/core/voice-settings.ts';
import type { Crypto } from '#host/policy/ports.ts';
import { settingWatch, type SettingsService } from '#host/policy/settings-service.ts';
import type { EditorWindows } from '#host/runs/editors/windows.ts';
import type { EventStore } from '#host/store/ports.ts';
import { titlesOf } from './command-titles.ts';
import { liveEvents } from './live-events.ts';
import { voiceLoader } from './voice-parts.ts';

export interface TalkingOptions {
  store: EventStore;
  clock: Clock;
  ids: IdSource;
  crypto: Crypto;
  log: Log;
  settings: SettingsService;
  conversation: ConversationService;
  workspaces: Workspaces;
  connections: ReadonlyMap<string, Connection>;
  windows: EditorWindows;
  /** Null: this machine's own ears and mouth. */
  loadVoice: LoadVoice | null;
}

/** What agents ask people, and what is said and heard: each needs the other. */
export async function talking(
  o: TalkingOptions,
): Promise<{ inquiries: InquiryService; turns: TurnService }> {
  const { store, clock, ids, log, windows } = o;
  const settings = await settingWatch(store, o.settings, voiceSettingsOf);
  const inquiries: InquiryService = new InquiryService({
    store,
    clock,
    ids,
    log,
    onAsked: (inquiry) => turns.asked(inquiry),
  });
  const live = liveEvents(o.connections, windows);
  const output = (): string | null => turns.moved.output;
  const onSpokenLevel = (level: number): void =>
    live.send('runtime.audio_level', { of: 'speaker', level }, true);
  const turns: TurnService = new TurnService({
    store,
    clock,
    ids,
    crypto: o.crypto,
    log,
    settings,
    settingsService: o.settings,
    conversation: o.conversation,
    inquiries,
    workspaces: o.workspaces,
    load: o.loadVoice ?? voiceLoader({ clock, log, settings, output, onSpokenLevel }),
    live,
    windowName: (id) =>
      windows.all.find((w) => w.context.window_id === id)?.context.workspace_name ?? null,
  });
  store.onAppended((events) => turns.note(events));
  windows.onSaid(({ commands }) => void prepareTitles(titlesOf(commands), () => clock.monotonic()));
  return { inquiries, turns };
}
