import type { DecisionKind } from '#schema/views/approval.ts';
import type { PanelCommand } from '#schema/views/bridge.ts';
import type { PanelState } from '../state/model.ts';
import type { Dispatch } from '../state/store.ts';

export type ActedBy = 'key' | 'pointer';

/** What the views can do. */
export interface PanelActions {
  readonly dispatch: Dispatch;
  /** Answers a question, if the guard lets it count. `confirmed`: the second step of danger. */
  decide(approvalId: string, decision: DecisionKind, by: ActedBy, confirmed?: boolean): void;
  say(text: string): void;
  cancelTurn(): void;
  cancelRun(runId: string): void;
  setKillSwitch(on: boolean): void;
  setPaused(paused: boolean): void;
  revokeGrant(grantId: string): void;
  revokeAgent(agentId: string): void;
  planConnection(name: string, undo: boolean): void;
  applyConnection(): void;
  showDiff(approvalId: string): void;
  openEvent(seq: number): void;
  runCommand(command: PanelCommand): void;
  readOlder(): void;
}

export interface ViewContext {
  readonly state: PanelState;
  readonly actions: PanelActions;
}
