import type { Clock } from '#host/kernel/clock.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { VoiceSettings } from '#host/policy/core/voice-settings.ts';
import type { Speaker, Workspaces } from '../ports.ts';
import type { ActiveTurn } from './active-turn.ts';
import { TurnRecord } from './record.ts';

/** How long a spoken turn waits for its effect before it says that it goes on. */
const WAIT_MS = 45_000;

/** What is special about one turn; the rest is as of a turn by microphone that decides nothing. */
export type Opening = Pick<ActiveTurn, 'mode' | 'window_id' | 'acts_on'> & Partial<ActiveTurn>;

/** A turn at its very beginning, with everything that it will carry. */
export function openTurn(
  { clock, ids, workspaces }: { clock: Clock; ids: IdSource; workspaces: Workspaces },
  said: Speaker,
  settings: VoiceSettings,
  opening: Opening,
): ActiveTurn {
  const { mode, window_id, acts_on, listen = null } = opening;
  const turn_id = ids.domain('turn');
  const record = new TurnRecord(clock, {
    turn_id,
    mode,
    window_id,
    acts_on,
    state: 'listening',
    can_decide: listen !== null,
    device: null,
    ended_at: null,
    ended_reason: null,
    level: null,
    heard: null,
    run_id: null,
  });
  return {
    turn_id,
    settings,
    listen: null,
    inquiry: null,
    input: null,
    samples: null,
    paced: false,
    dry_run: false,
    wait_ms: WAIT_MS,
    ...opening,
    speaker: {
      ...said,
      workspace_id: workspaces.resolve(said.workspace_id, acts_on ?? undefined),
    },
    record,
    controller: new AbortController(),
    released: new AbortController(),
    confirmed: Promise.withResolvers<string>(),
    over: Promise.withResolvers<void>(),
  };
}
