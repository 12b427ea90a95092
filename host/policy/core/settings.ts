import * as z from 'zod';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { DomainEventData } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { Setting } from './setting.ts';
import { presetRank, presets, type Preset } from './table.ts';
import { voiceSettings } from './voice-settings.ts';

export const hostStays = ['whileScheduled', 'always', 'never'] as const;
export type HostStay = (typeof hostStays)[number];

export const settingsTable: Record<string, Setting> = {
  'policy.preset': {
    schema: z.enum(presets),
    value: 'ask',
    description: 'How much agents may do without asking: off, read-only, ask or trusted.',
    loosens: (from, to) => presetRank(to as Preset) > presetRank(from as Preset),
  },
  'approvals.expire_minutes': {
    schema: z.number().int().min(1).max(1_440),
    value: 10,
    description: 'Minutes until a question that nobody answers counts as no.',
  },
  'commands.timeout_minutes': {
    schema: z.number().int().min(1).max(240),
    value: 10,
    description: 'Minutes until a command that runs too long is stopped.',
  },
  'host.stay': {
    schema: z.enum(hostStays),
    value: 'whileScheduled',
    description:
      'Whether Hob stays when no window is open: whileScheduled, as long as a task of yours will be due; always; or never.',
  },
  ...voiceSettings,
};

export interface HostSettings {
  version: number;
  values: JsonObject;
  kill_switch: boolean;
  /** Paused by runtime.stop; stays so over a restart. */
  stopped: boolean;
  palette: JsonObject | null;
}

export const initialSettings: HostSettings = {
  version: 0,
  values: Object.fromEntries(Object.entries(settingsTable).map(([name, s]) => [name, s.value])),
  kill_switch: false,
  stopped: false,
  palette: null,
};

export type SettingsCheck =
  | { ok: true; changes: JsonObject; loosens: boolean }
  | { ok: false; name: string; message: string };

/** Whether a patch is well-formed, and whether it loosens a protection. Unknown names are refused, never stored. */
export function checkPatch(changes: JsonObject, settings: HostSettings): SettingsCheck {
  let loosens = false;
  for (const [name, value] of Object.entries(changes)) {
    const setting = settingsTable[name];
    if (setting === undefined)
      return { ok: false, name, message: `There is no setting "${name}".` };
    if (!setting.schema.safeParse(value).success)
      return { ok: false, name, message: `${name}: ${setting.description}` };
    loosens ||= setting.loosens?.(settings.values[name] ?? setting.value, value) ?? false;
  }
  return { ok: true, changes, loosens };
}

/** The host's settings after one more event of `config`, `policy` or `orb`. */
export function evolveSettings(settings: HostSettings | null, event: StoredEvent): HostSettings {
  const now = settings ?? initialSettings;
  switch (event.event_type) {
    case 'config.patched': {
      const data = event.data as unknown as DomainEventData<'config.patched'>;
      return { ...now, version: now.version + 1, values: { ...now.values, ...data.changes } };
    }
    case 'policy.kill_switch_set':
      return {
        ...now,
        kill_switch: (event.data as unknown as DomainEventData<'policy.kill_switch_set'>).on,
      };
    case 'runtime.stopped':
      return { ...now, stopped: true };
    case 'runtime.started':
      return { ...now, stopped: false };
    case 'orb.palette_set':
      return {
        ...now,
        palette: (event.data as unknown as DomainEventData<'orb.palette_set'>).palette,
      };
    case 'orb.palette_cleared':
      return { ...now, palette: null };
    default:
      return now;
  }
}

export const presetOf = (settings: HostSettings): Preset =>
  (settings.values['policy.preset'] ?? 'ask') as Preset;
export const expiryOf = (settings: HostSettings): number =>
  Number(settings.values['approvals.expire_minutes'] ?? 10) * 60_000;
export const hostStayOf = (settings: HostSettings): HostStay =>
  (settings.values['host.stay'] ?? 'whileScheduled') as HostStay;
export const commandTimeoutOf = (settings: HostSettings): number =>
  Number(settings.values['commands.timeout_minutes'] ?? 10) * 60_000;
