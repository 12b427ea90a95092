import type { ApprovalView } from '#schema/views/approval.ts';
import type { RunLine, SettledNote } from '../state/model.ts';
import type { Tone } from './event-line.ts';
import { clockTime, duration } from './time.ts';

/** What became of a question, and of the call when it was approved. */
export interface Outcome {
  readonly icon: string;
  readonly tone: Tone;
  readonly text: string;
  /** Something is still under way. */
  readonly busy: boolean;
}

const elsewhere = {
  panel: 'in another window',
  notification: 'by notification',
  palette: 'by command',
  voice: 'by voice',
} as const;

const endings: Readonly<Record<string, string>> = {
  requester_gone: 'The agent left, so the question is gone',
  run_cancelled: 'Its run was cancelled',
  kill_switch: 'Stopped by the kill switch',
};

/** The words on a settled card. `own` answers need no place and time. */
export function outcomeOf(approval: ApprovalView, note: SettledNote, run: RunLine | null): Outcome {
  const at = approval.settled_at === null ? '' : `, ${clockTime(new Date(approval.settled_at))}`;
  const place =
    approval.decision === null || note.own ? '' : ` ${elsewhere[approval.decision.source]}${at}`;
  switch (approval.status) {
    case 'approved':
      return approvedOutcome(place, run);
    case 'denied':
      return { icon: 'circle-slash', tone: 'bad', text: `Denied${place}`, busy: false };
    case 'expired':
      return {
        icon: 'clock',
        tone: 'warn',
        text: note.away
          ? `Expired while you were away${at}. That counts as no`
          : `Expired${at}. That counts as no`,
        busy: false,
      };
    case 'cancelled':
      return {
        icon: 'close',
        tone: 'calm',
        text: endings[approval.ended_reason ?? ''] ?? 'Withdrawn',
        busy: false,
      };
    default:
      return { icon: 'question', tone: 'calm', text: 'Open', busy: true };
  }
}

function approvedOutcome(place: string, run: RunLine | null): Outcome {
  const yes = { icon: 'pass', tone: 'good', busy: false } as const;
  const ms = run?.duration_ms ?? null;
  const time = ms === null ? '' : ` in ${duration(ms)}`;
  switch (run?.status) {
    case 'queued':
    case 'running':
      return { ...yes, text: `Approved${place}. Running…`, busy: true };
    case 'succeeded':
      return { ...yes, text: `Approved${place}. Done${time}` };
    case 'failed': {
      const why = run.exit_code === null ? 'failed' : `ended with exit code ${run.exit_code}`;
      return {
        icon: 'warning',
        tone: 'warn',
        text: `Approved${place}. It ${why}${time}`,
        busy: false,
      };
    }
    case 'cancelled':
      return { ...yes, tone: 'calm', text: `Approved${place}, then cancelled` };
    case 'interrupted':
      return {
        icon: 'warning',
        tone: 'warn',
        text: `Approved${place}, then interrupted`,
        busy: false,
      };
    default:
      return { ...yes, text: `Approved${place}` };
  }
}
