import { DEFAULT_WORKSPACE } from '#schema/envelope/ids.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { EventContext, EventStore } from '#host/store/ports.ts';
import type { Deciders } from './deciders.ts';
import { checkPatch, initialSettings, type HostSettings } from './core/settings.ts';
import { settingsProjection, settingsStream, SETTINGS_KEY } from './projections.ts';

/** The signature that goes with a change which loosens a protection. */
export interface SignedChange {
  decided_at?: string | undefined;
  decider_id?: string | undefined;
  signature?: string | undefined;
}

/** Settings, kill switch and palette: one stream, and loosening needs a decider. */
export class SettingsService {
  readonly #store: EventStore;
  readonly #deciders: Deciders;

  constructor(store: EventStore, deciders: Deciders) {
    this.#store = store;
    this.#deciders = deciders;
  }

  async current(): Promise<HostSettings> {
    return (await this.#store.document(settingsProjection, SETTINGS_KEY)) ?? initialSettings;
  }

  /** Throws `invalid_setting`, `decider_required`, `signature_invalid`. */
  async patch(changes: JsonObject, signed: SignedChange, by: Principal): Promise<HostSettings> {
    const check = checkPatch(changes, await this.current());
    if (!check.ok)
      throw new HobError('invalid_setting', {
        message: check.message,
        details: { name: check.name },
      });
    if (check.loosens) await this.#deciders.checkSetting({ config: changes }, signed);
    return this.append(
      { type: 'config.patched', data: { changes, signed: signed.signature ?? null } },
      by,
    );
  }

  /** On is for everybody who may send it; off needs a decider. */
  async setKillSwitch(
    on: boolean,
    reason: string,
    signed: SignedChange,
    by: Principal,
  ): Promise<HostSettings> {
    const now = await this.current();
    if (now.kill_switch === on) return now;
    if (!on) await this.#deciders.checkSetting({ kill_switch: false }, signed);
    return this.append(
      { type: 'policy.kill_switch_set', data: { on, reason, signed: signed.signature ?? null } },
      by,
    );
  }

  async append(event: DomainEvent, by: Principal): Promise<HostSettings> {
    const context: EventContext = {
      workspace_id: DEFAULT_WORKSPACE,
      actor: by,
      correlation_id: SETTINGS_KEY,
      causation_id: null,
    };
    return this.#store.transact(async (tx) => {
      await tx.append(settingsStream, 'any', [event], context);
      return (await tx.document(settingsProjection, SETTINGS_KEY)) ?? initialSettings;
    });
  }
}

/** One setting for those who cannot wait for the store: read now, and again after every change. */
export async function settingWatch<T>(
  store: EventStore,
  service: SettingsService,
  pick: (settings: HostSettings) => T,
): Promise<() => T> {
  let value: T = pick(await service.current().catch(() => initialSettings));
  const refresh = async (): Promise<void> => {
    value = pick(await service.current().catch(() => initialSettings));
  };
  store.onAppended((events) => {
    if (events.some((e) => e.stream.stream_type === settingsStream.stream_type)) void refresh();
  });
  return () => value;
}
