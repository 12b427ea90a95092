import type * as z from 'zod';
import type { CommandResult } from '#schema/commands/registry.ts';
import type { SayResult } from '#schema/commands/conversation.ts';
import type { runtimeStatusSchema } from '#schema/commands/runtime.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import type { AgentView, ConnectPlan, InstallLink } from '#schema/views/agent.ts';
import type { ApprovalView, DecisionKind } from '#schema/views/approval.ts';
import type { BridgeState } from '#schema/views/bridge.ts';
import type { GrantView } from '#schema/views/grant.ts';
import type { InquiryView } from '#schema/views/inquiry.ts';
import type { RunnerKind, RunStatus } from '#schema/views/run.ts';
import { initialSchedule, type RemovedTask, type ScheduleState } from './schedule.ts';
import { initialVoice, type VoiceState } from './voice.ts';

export type RuntimeStatus = z.infer<typeof runtimeStatusSchema>;
export const tabNames = ['timeline', 'schedules', 'grants', 'agents', 'servers', 'voice'] as const;
export type Tab = (typeof tabNames)[number];

/** What the panel needs of a run to word its events and to say what became of an approval. */
export interface RunLine {
  readonly run_id: string;
  readonly status: RunStatus;
  readonly runner: RunnerKind;
  readonly call: ActionCall;
  readonly who: string;
  readonly who_id: string;
  readonly duration_ms: number | null;
  readonly exit_code: number | null;
  readonly error: string | null;
  /** What it printed, shortened; null when that is nothing. */
  readonly printed: string | null;
}

/** A question that is no longer open but was on show, or ended while nobody looked. */
export interface SettledNote {
  /** Epoch ms on the panel's clock at which it was seen to be settled. */
  readonly since: number;
  /** Stays until it is dismissed: the person was away when it ended. */
  readonly away: boolean;
  /** This panel sent the decision. */
  readonly own: boolean;
}

/** A decision that was sent and not yet answered, or the refusal. */
export type PendingDecision =
  | { readonly step: 'sending'; readonly decision: DecisionKind }
  | { readonly step: 'refused'; readonly error: WireError };

/** The last typed sentence and what became of it. */
export type Turn =
  | { readonly step: 'running'; readonly text: string }
  | { readonly step: 'answered'; readonly text: string; readonly result: SayResult }
  | { readonly step: 'failed'; readonly text: string; readonly error: WireError };

/** Connecting an agent: nothing is written before the plan was shown. */
export type Connect =
  /** `links`: ways for clients that Hob does not connect; null until they were read. */
  | { readonly step: 'choosing'; readonly links: readonly InstallLink[] | null }
  | { readonly step: 'planning'; readonly name: string; readonly undo: boolean }
  | {
      readonly step: 'plan';
      readonly name: string;
      readonly undo: boolean;
      readonly plan: ConnectPlan;
      readonly applying: boolean;
      readonly error: WireError | null;
    }
  | {
      readonly step: 'done';
      readonly name: string;
      readonly undo: boolean;
      readonly plan: ConnectPlan;
    }
  | {
      readonly step: 'failed';
      readonly name: string;
      readonly undo: boolean;
      readonly error: WireError;
    };

/** Stands for every card where one no is given to all of them. */
export const DENY_ALL = 'all';
/** What ends a permission: the next one comes up under the second click of a double one. */
export const revokeControl = (grantId: string): string => `revoke/${grantId}`;

/** Stands for the first steps among what was dismissed. */
export const FIRST_STEPS = 'first-steps';

/** What only this panel knows; the first three survive a reload through the webview's state. */
export interface UiState {
  readonly draft: string;
  readonly tab: Tab;
  readonly dismissed: ReadonlySet<string>;
  readonly selected: string | null;
  /** Cards that the person opened although others come first. */
  readonly opened: ReadonlySet<string>;
  /** Cards whose whole call is on show. */
  readonly whole: ReadonlySet<string>;
  /** The dangerous card that waits for its second step, or DENY_ALL. */
  readonly confirming: string | null;
  /** Cards where the suggested permission is ticked. */
  readonly remembering: ReadonlySet<string>;
  readonly openEvent: number | null;
  readonly everything: boolean;
  /** What the timeline is searched for; null while it is not. */
  readonly search: string | null;
  /** Why the last key or click did not count; `n` makes a repetition visible. */
  readonly blocked: { readonly id: string; readonly why: string; readonly n: number } | null;
  /** Spoken to screen readers at once: a new question. */
  readonly alert: string;
}

/** Everything that is drawn. Views of the host, folded events, and a little of its own. */
export interface PanelState {
  /** Null until the extension has said anything. */
  readonly bridge: BridgeState | null;
  readonly status: RuntimeStatus | null;
  /** The first snapshot is complete. */
  readonly loaded: boolean;
  /** Why the host's views could not be read; null when they could. */
  readonly problem: WireError | null;
  /** Waiting ones, oldest first, with the settled ones that are still shown in their place. */
  readonly approvals: readonly ApprovalView[];
  /** How many wait in all, when more than were sent. */
  readonly total: number;
  readonly settled: ReadonlyMap<string, SettledNote>;
  readonly decisions: ReadonlyMap<string, PendingDecision>;
  readonly runs: ReadonlyMap<string, RunLine>;
  /** What agents ask and nobody has answered yet, oldest first. */
  readonly inquiries: readonly InquiryView[];
  /** What each known question was about, also after its card is gone. */
  readonly asked: ReadonlyMap<string, ActionCall>;
  /** Newest first, without a gap. */
  readonly events: readonly StoredEvent[];
  /** False when older events than the last one here exist. */
  readonly complete: boolean;
  readonly lastSeq: number;
  readonly agents: readonly AgentView[];
  readonly grants: readonly GrantView[];
  /** Overrides of the orb's colours. */
  readonly palette: Readonly<Record<string, string>> | null;
  readonly turn: Turn | null;
  /** By turn, typed or spoken: the schedule that it deleted and that is not back. */
  readonly deletedBy: ReadonlyMap<string, string>;
  readonly voice: VoiceState;
  readonly schedule: ScheduleState;
  readonly connect: Connect | null;
  /** The last refusal of something that is not a decision, e.g. a revocation. */
  readonly notice: { readonly text: string; readonly error: boolean } | null;
  readonly ui: UiState;
  /** Epoch ms; moved by `tick`. */
  readonly now: number;
}

/** What survives a reload of the webview. */
export interface Remembered {
  readonly draft: string;
  readonly tab: Tab;
  readonly dismissed: readonly string[];
  /** How far the cards are scrolled, in px. */
  readonly scroll: number;
  readonly everything: boolean;
  readonly search: string | null;
  /** Who looks for something else first may still want it back. */
  readonly removed: readonly RemovedTask[];
}

export type Snapshot =
  | { readonly part: 'status'; readonly value: CommandResult<'runtime.status'> }
  | { readonly part: 'approvals'; readonly value: CommandResult<'approval.list'> }
  | { readonly part: 'inquiries'; readonly value: CommandResult<'inquiry.list'> }
  | { readonly part: 'expired'; readonly value: CommandResult<'approval.list'> }
  | { readonly part: 'runs'; readonly value: CommandResult<'run.list'> }
  | { readonly part: 'events'; readonly value: CommandResult<'event.query'> }
  /** Events of a search: they say what runs and questions were about, and are no part of the timeline. */
  | { readonly part: 'found'; readonly value: { readonly events: readonly StoredEvent[] } }
  | { readonly part: 'agents'; readonly value: CommandResult<'agent.list'> }
  | { readonly part: 'tasks'; readonly value: CommandResult<'scheduler.list'> }
  | { readonly part: 'grants'; readonly value: CommandResult<'grant.list'> }
  | { readonly part: 'config'; readonly value: CommandResult<'config.get'> }
  | { readonly part: 'palette'; readonly value: CommandResult<'event.query'> };

/** The panel before anybody said anything. */
export function initialState(now: number, remembered?: Remembered): PanelState {
  return {
    bridge: null,
    status: null,
    loaded: false,
    problem: null,
    approvals: [],
    total: 0,
    settled: new Map(),
    decisions: new Map(),
    runs: new Map(),
    inquiries: [],
    asked: new Map(),
    events: [],
    complete: false,
    lastSeq: 0,
    agents: [],
    grants: [],
    palette: null,
    turn: null,
    deletedBy: new Map(),
    voice: initialVoice,
    schedule: { ...initialSchedule, removed: remembered?.removed ?? [] },
    connect: null,
    notice: null,
    ui: {
      draft: remembered?.draft ?? '',
      tab: remembered?.tab ?? 'timeline',
      dismissed: new Set(remembered?.dismissed),
      selected: null,
      opened: new Set(),
      whole: new Set(),
      confirming: null,
      remembering: new Set(),
      openEvent: null,
      everything: remembered?.everything ?? false,
      search: remembered?.search ?? null,
      blocked: null,
      alert: '',
    },
    now,
  };
}
