import type { BridgeState } from '#schema/views/bridge.ts';
import type { PanelMessage } from './message.ts';
import type { PanelState } from './model.ts';
import { withLive, type VoiceState } from './voice.ts';

type VoiceMessage = Extract<
  PanelMessage,
  {
    kind: 'live' | 'talk_problem' | 'correct' | 'spoken_closed' | 'devices' | 'spoken_turns';
  }
>;

/** The voice after one more message. */
export function evolveVoice({ voice, bridge }: PanelState, message: VoiceMessage): VoiceState {
  switch (message.kind) {
    case 'live':
      return withLive(voice, message.live, bridge?.window_id ?? '');
    case 'talk_problem':
      return { ...voice, problem: message.error };
    case 'correct':
      return { ...voice, correcting: message.text };
    case 'spoken_closed':
      return { ...voice, spoken: null, problem: null, mic: withoutProblem(voice.mic) };
    case 'devices':
      return { ...voice, devices: message.devices };
    case 'spoken_turns':
      return { ...voice, turns: message.turns };
  }
}

/** Without a host nobody listens and nobody speaks. */
export const withLink = (voice: VoiceState, { state }: BridgeState): VoiceState =>
  state === 'connected'
    ? voice
    : {
        ...voice,
        mic: null,
        spoken: null,
        behind: [],
        speaking: null,
        correcting: null,
        elsewhere: false,
      };

/** A problem that was read and put away; the next attempt says it again if it is still there. */
const withoutProblem = (mic: VoiceState['mic']): VoiceState['mic'] =>
  mic === null
    ? null
    : { ...mic, state: mic.state === 'error' ? 'closed' : mic.state, code: null, message: null };
