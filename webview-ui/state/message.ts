import type { SayResult } from '#schema/commands/conversation.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { ConnectPlan } from '#schema/views/agent.ts';
import type { ApprovalView, DecisionKind } from '#schema/views/approval.ts';
import type { BridgeState } from '#schema/views/bridge.ts';
import type { TaskView } from '#schema/views/task.ts';
import type { TurnView } from '#schema/views/turn.ts';
import type { Connect, Snapshot, Tab } from './model.ts';
import type { OpenTask, TaskEdit } from './schedule.ts';
import type { Devices, LiveEvent } from './voice.ts';

/** Everything that can change the panel: what arrived, and what the person did. */
export type PanelMessage =
  // From the extension.
  | { readonly kind: 'bridge'; readonly state: BridgeState }
  | { readonly kind: 'focus_approval'; readonly approval_id: string }
  // From the host.
  | ({ readonly kind: 'snapshot' } & Snapshot)
  | { readonly kind: 'loaded' }
  | { readonly kind: 'problem'; readonly error: WireError | null }
  /** Another store answers than before: nothing that was folded holds any more. */
  | { readonly kind: 'store_replaced' }
  /** `attended`: somebody looked at the panel when it came. */
  | { readonly kind: 'event'; readonly event: StoredEvent; readonly attended: boolean }
  | { readonly kind: 'approval'; readonly approval: ApprovalView; readonly attended: boolean }
  // Deciding.
  | {
      readonly kind: 'decision_sent';
      readonly approval_id: string;
      readonly decision: DecisionKind;
    }
  | { readonly kind: 'decision_refused'; readonly approval_id: string; readonly error: WireError }
  | { readonly kind: 'blocked'; readonly approval_id: string; readonly why: string }
  | { readonly kind: 'confirming'; readonly approval_id: string | null }
  // Sentences.
  | { readonly kind: 'draft'; readonly text: string }
  | { readonly kind: 'turn_started'; readonly text: string }
  | { readonly kind: 'turn_answered'; readonly text: string; readonly result: SayResult }
  | { readonly kind: 'turn_failed'; readonly text: string; readonly error: WireError }
  | { readonly kind: 'turn_closed' }
  // Talking.
  | { readonly kind: 'live'; readonly live: LiveEvent }
  | { readonly kind: 'talk_problem'; readonly error: WireError | null }
  | { readonly kind: 'correct'; readonly text: string }
  | { readonly kind: 'spoken_closed' }
  | { readonly kind: 'devices'; readonly devices: Devices | null }
  | { readonly kind: 'spoken_turns'; readonly turns: readonly TurnView[] }
  // Schedules.
  | { readonly kind: 'open_task'; readonly task_id: string | null }
  | {
      readonly kind: 'task_detail';
      readonly task_id: string;
      readonly detail: NonNullable<OpenTask['detail']>;
    }
  | { readonly kind: 'deleting_task'; readonly on: boolean }
  | { readonly kind: 'task_removed'; readonly task: TaskView; readonly at: number }
  | { readonly kind: 'task_back'; readonly task: TaskView }
  | { readonly kind: 'edit_task'; readonly edit: TaskEdit | null }
  // Connecting an agent.
  | { readonly kind: 'connect'; readonly connect: Connect | null }
  | {
      readonly kind: 'connect_plan';
      readonly name: string;
      readonly undo: boolean;
      readonly plan: ConnectPlan;
    }
  | { readonly kind: 'connect_applying' }
  | {
      readonly kind: 'connect_failed';
      readonly name: string;
      readonly undo: boolean;
      readonly error: WireError;
    }
  // Looking around.
  | { readonly kind: 'select'; readonly approval_id: string | null }
  | { readonly kind: 'toggle_open'; readonly approval_id: string }
  | { readonly kind: 'show_whole'; readonly approval_id: string }
  | { readonly kind: 'remember'; readonly approval_id: string; readonly on: boolean }
  | { readonly kind: 'dismiss'; readonly approval_id: string }
  | { readonly kind: 'tab'; readonly tab: Tab }
  | { readonly kind: 'open_event'; readonly seq: number | null }
  | { readonly kind: 'everything'; readonly on: boolean }
  | { readonly kind: 'search'; readonly text: string | null }
  | { readonly kind: 'notice'; readonly text: string; readonly error: boolean }
  | { readonly kind: 'notice_closed' }
  /** Time passed. `held`: the pointer is on the cards, so nothing there may move. */
  | { readonly kind: 'tick'; readonly now: number; readonly held: boolean };
