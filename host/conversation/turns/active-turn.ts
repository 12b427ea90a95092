import type { SayResult } from '#schema/commands/conversation.ts';
import type { SignedListen } from '#schema/views/turn.ts';
import type { InquiryView } from '#schema/views/inquiry.ts';
import type { VoiceSettings } from '#host/policy/core/voice-settings.ts';
import type { EventContext } from '#host/store/ports.ts';
import type { Speaker } from '../ports.ts';
import type { TurnRecord } from './record.ts';

/** What one turn carries through its life. Nothing of it changes but what its own course writes. */
export interface ActiveTurn {
  readonly turn_id: string;
  readonly mode: 'hold' | 'tap' | 'file';
  readonly window_id: string | null;
  /** The window that its effects go to. */
  readonly acts_on: string | null;
  readonly speaker: Speaker;
  /** The statement that opened it, checked; null when it may not decide. */
  readonly listen: SignedListen | null;
  /** The inquiry that what is said answers, and nothing else; null in every other turn. */
  readonly inquiry: InquiryView | null;
  /** As they were when it began. */
  readonly settings: VoiceSettings;
  readonly input: string | null;
  /** Of a file. */
  readonly samples: Float32Array | null;
  readonly paced: boolean;
  readonly dry_run: boolean;
  readonly wait_ms: number;
  readonly record: TurnRecord;
  /** Everything of the turn ends with it. */
  readonly controller: AbortController;
  /** Aborted when the hand lets go. */
  readonly released: AbortController;
  /** Resolves with the transcript as it was confirmed. */
  readonly confirmed: PromiseWithResolvers<string>;
  /** Resolves when the turn has ended. */
  readonly over: PromiseWithResolvers<void>;
}

/** For events of this turn that its speaker brings about. */
export const contextOf = ({ speaker }: ActiveTurn): EventContext => ({
  workspace_id: speaker.workspace_id,
  actor: speaker.principal,
  correlation_id: speaker.correlation_id,
  causation_id: speaker.causation_id,
});

/** How the course of a turn reports to the machine. */
export interface CourseSteps {
  reach(
    turn: ActiveTurn,
    state: 'recognising' | 'understood' | 'editing' | 'acting' | 'speaking',
    text?: string,
  ): void;
  /** The microphone gives exact silence: it is switched off somewhere. The turn goes on. */
  muted(turn: ActiveTurn): void;
  microphone(turn: ActiveTurn, state: 'opening' | 'open' | 'closed', device?: string): void;
}

/** What came of a turn that heard something. */
export type CourseResult = { said: SayResult } | { nothing: 'nothing_heard' | 'aborted' };
