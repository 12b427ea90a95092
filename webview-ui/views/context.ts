import type { JsonObject } from '#schema/envelope/json.ts';
import type { DecisionKind } from '#schema/views/approval.ts';
import type { PanelCommand, TalkAct } from '#schema/views/bridge.ts';
import type { SoundLevel } from '../orb/sound-level.ts';
import type { ScheduleActions } from '../schedule/schedule-actions.ts';
import type { PanelState } from '../state/model.ts';
import type { Dispatch } from '../state/store.ts';
import type { PressListeners } from '../voice/press.ts';
import type { LazyTab } from './lazy-tab.ts';

export type ActedBy = 'key' | 'pointer';

/** What the views can do. */
export interface PanelActions {
  readonly dispatch: Dispatch;
  /** Answers a question, if the guard lets it count. `confirmed`: the second step of danger. */
  decide(approvalId: string, decision: DecisionKind, by: ActedBy, confirmed?: boolean): void;
  say(text: string): void;
  cancelTurn(): void;
  /** One no to everything that waits now. */
  denyAll(): void;
  cancelRun(runId: string): void;
  setKillSwitch(on: boolean): void;
  setPaused(paused: boolean): void;
  revokeGrant(grantId: string): void;
  /** Opens the list of agents to connect. */
  chooseAgent(): void;
  planConnection(name: string, undo: boolean): void;
  applyConnection(): void;
  showDiff(approvalId: string): void;
  openEvent(seq: number): void;
  runCommand(command: PanelCommand): void;
  readOlder(): void;
  /** Opens the search of the timeline, with the keyboard in it. */
  openSearch(): void;
  /** Lets the person choose a file for what the host finds by these words, and for these events. */
  exportEvents(text: string, seqs: readonly number[]): void;
  /** The hand at what is pressed to talk. */
  talk(act: TalkAct): void;
  /** Opens a talk turn whose words answer an agent's question. */
  talkAnswer(inquiryId: string): void;
  answerInquiry(inquiryId: string, answer: { choice: number } | { text: string }): void;
  /** Sends a form; what is wrong with it, or null. */
  answerForm(inquiryId: string, content: JsonObject): Promise<string | null>;
  /** `dismiss`: it is put away without a no. */
  declineInquiry(inquiryId: string, dismiss?: boolean): void;
  /** Does what stands in the corrected transcript. */
  confirmTranscript(text: string): void;
  stopSpeaking(): void;
  /** Changes a setting of the voice, named without `voice.`. */
  setVoice(changes: Readonly<Record<string, string | boolean | null>>): void;
  /** Opens the picker with what is there now, or closes it. */
  showDevices(open: boolean): void;
  readSpokenTurns(): void;
  readonly schedule: ScheduleActions;
}

/** What of the voice is too quick or too plain to be state. */
export interface VoiceParts {
  /** How loud it is, in either direction. */
  readonly level: SoundLevel;
  /** One hand, whatever it presses. */
  readonly press: PressListeners;
}

export interface ViewContext {
  readonly state: PanelState;
  readonly actions: PanelActions;
  readonly parts: VoiceParts;
  /** Those with a script of their own. */
  readonly tabs: Readonly<
    Record<'agents' | 'servers' | 'voice' | 'questions' | 'search' | 'connect', LazyTab>
  >;
}
