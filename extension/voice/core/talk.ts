/*
 * Press, hold and let go, as one pure machine. A hand (orb, button, a key inside the panel) says when it
 * lets go. A key binding does not: its command only fires again while the key is held, so silence of that
 * auto-repeat is the letting go. Times are epoch milliseconds of one clock.
 */

/** The setting `voice.talk`. `auto`: a short press is a tap, a long one a hold. */
export type TalkSetting = 'auto' | 'hold' | 'tap';
/** How a turn ends: when the hand lets go, or when it is quiet. */
export type TalkMode = 'hold' | 'tap';

/** A press shorter than this is a tap. As VS Code's own dictation has it. */
export const TAP_MS = 500;
/** Before the first repeat of a key nothing is known of its rate; systems wait 250 to 660 ms. */
export const FIRST_REPEAT_MS = 700;
/** Repeats come by way of three processes: a gap shorter than this is no letting go. */
const LEAST_GAP_MS = 150;

export type Talk =
  /** `lastFire`: repeats of a press that is over already are still to come. */
  | { readonly kind: 'off'; readonly lastFire: number }
  /** A hand holds, and the turn lasts as long. */
  | { readonly kind: 'hand'; readonly since: number; readonly setting: TalkSetting }
  /** The key binding fired, and fires again while it is held. `gaps`: the last two, in ms. */
  | {
      readonly kind: 'key';
      readonly since: number;
      readonly lastFire: number;
      readonly gaps: readonly number[];
      readonly setting: TalkSetting;
    }
  /** Nobody holds; the turn ends by itself or with the next press. */
  | { readonly kind: 'on'; readonly lastFire: number };

export type TalkInput =
  | {
      readonly kind: 'press' | 'release' | 'lost';
      readonly at: number;
      readonly setting: TalkSetting;
    }
  | { readonly kind: 'fire'; readonly at: number; readonly setting: TalkSetting }
  | { readonly kind: 'time'; readonly at: number }
  /** The host ended the turn, whatever the hand does. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'cancel' };

/** What to ask of the host, in this order. */
export type TalkEffect =
  | { readonly do: 'start'; readonly mode: TalkMode }
  | { readonly do: 'stop' }
  | { readonly do: 'discard' };

export interface TalkStep {
  readonly talk: Talk;
  readonly effects: readonly TalkEffect[];
}

const off = (lastFire = -Infinity): Talk => ({ kind: 'off', lastFire });
export const initialTalk: Talk = off();

const stay = (talk: Talk): TalkStep => ({ talk, effects: [] });
const stop = (talk: Talk): TalkStep => ({ talk, effects: [{ do: 'stop' }] });

/** When silence of the key means that it was let go; null while nothing is timed. */
export function deadline(talk: Talk): number | null {
  return talk.kind === 'key' ? talk.lastFire + patience(talk.gaps) : null;
}

/** Twice the longest of the last gaps; the first ones include the delay before a repeat. */
function patience(gaps: readonly number[]): number {
  if (gaps.length === 0) return FIRST_REPEAT_MS;
  return Math.min(FIRST_REPEAT_MS, Math.max(LEAST_GAP_MS, 2 * Math.max(...gaps)));
}

/** What one more input means. */
export function step(talk: Talk, input: TalkInput): TalkStep {
  switch (input.kind) {
    case 'press':
      return press(talk, input);
    case 'release':
      return release(talk, input.at);
    case 'lost':
      return talk.kind === 'hand' ? stop(off()) : stay(talk);
    case 'fire':
      return fire(talk, input);
    case 'time':
      return time(talk, input.at);
    case 'ended':
      return stay(off(lastFireOf(talk)));
    case 'cancel':
      return talk.kind === 'off'
        ? stay(talk)
        : { talk: off(lastFireOf(talk)), effects: [{ do: 'discard' }] };
  }
}

const lastFireOf = (talk: Talk): number => (talk.kind === 'hand' ? -Infinity : talk.lastFire);

function press(talk: Talk, { at, setting }: { at: number; setting: TalkSetting }): TalkStep {
  switch (talk.kind) {
    case 'off':
      return setting === 'tap'
        ? { talk: { kind: 'on', lastFire: -Infinity }, effects: [{ do: 'start', mode: 'tap' }] }
        : { talk: { kind: 'hand', since: at, setting }, effects: [{ do: 'start', mode: 'hold' }] };
    case 'on':
      return stop(off(talk.lastFire));
    case 'hand':
    case 'key':
      // Two ways at once: the first one counts.
      return stay(talk);
  }
}

function release(talk: Talk, at: number): TalkStep {
  if (talk.kind !== 'hand') return stay(talk);
  if (talk.setting === 'hold' || at - talk.since >= TAP_MS) return stop(off());
  // A tap after all. Nothing was said in so short a time; from here on silence ends the turn.
  return {
    talk: { kind: 'on', lastFire: -Infinity },
    effects: [{ do: 'discard' }, { do: 'start', mode: 'tap' }],
  };
}

function fire(talk: Talk, { at, setting }: { at: number; setting: TalkSetting }): TalkStep {
  switch (talk.kind) {
    case 'off':
      // Still the press whose turn has ended: it is over when it is let go.
      if (at - talk.lastFire < FIRST_REPEAT_MS) return stay(off(at));
      return setting === 'tap'
        ? { talk: { kind: 'on', lastFire: at }, effects: [{ do: 'start', mode: 'tap' }] }
        : {
            talk: { kind: 'key', since: at, lastFire: at, gaps: [], setting },
            effects: [{ do: 'start', mode: 'hold' }],
          };
    case 'key': {
      const gaps = [...talk.gaps, at - talk.lastFire].slice(-2);
      return stay({ ...talk, lastFire: at, gaps });
    }
    case 'on':
      if (at - talk.lastFire < FIRST_REPEAT_MS) return stay({ ...talk, lastFire: at });
      return stop(off(at));
    case 'hand':
      return stay(talk);
  }
}

function time(talk: Talk, at: number): TalkStep {
  const due = deadline(talk);
  if (talk.kind !== 'key' || due === null || at < due) return stay(talk);
  const wasTap = talk.gaps.length === 0 && talk.setting === 'auto';
  // What was said since the tap is not thrown away: this turn goes on until the next press.
  if (wasTap) return stay({ kind: 'on', lastFire: talk.lastFire });
  return stop(off(talk.lastFire));
}
