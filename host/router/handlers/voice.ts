import type { TurnService } from '#host/conversation/turns/service.ts';
import type { Handlers } from '../ports.ts';
import { speakerOf } from './conversation.ts';

type VoiceCommands =
  | 'conversation.listen_start'
  | 'conversation.listen_stop'
  | 'conversation.gate_set'
  | 'conversation.transcript_confirm'
  | 'conversation.inject_audio'
  | 'conversation.turn_list'
  | 'conversation.turn_get'
  | 'client.shown_set'
  | 'speech.speak'
  | 'speech.stop'
  | 'audio.device_list'
  | 'audio.level_watch'
  | 'device.move'
  | 'device.go_home';

export function voiceHandlers(turns: TurnService): Pick<Handlers, VoiceCommands> {
  return {
    'conversation.listen_start': (payload, context) => turns.start(payload, speakerOf(context)),
    'conversation.listen_stop': (payload) => turns.stop(payload),
    'conversation.gate_set': ({ open }, { caller }) => turns.setGate(open, caller.principal),
    'conversation.transcript_confirm': async (payload) => turns.confirm(payload),
    'conversation.inject_audio': (payload, context) => turns.inject(payload, speakerOf(context)),
    'conversation.turn_list': async ({ limit }) => ({ turns: turns.turns(limit) }),
    'conversation.turn_get': async ({ turn_id, wait_ms }, { caller }) => ({
      turn: await turns.turn(turn_id, wait_ms, caller.closed),
    }),
    'client.shown_set': async ({ window_id, approvals }, { caller }) => {
      turns.setShown(caller.connection_id, window_id, approvals);
      return {};
    },
    'speech.speak': (payload, context) => turns.speak(payload, speakerOf(context)),
    'speech.stop': async (_payload, { caller }) => ({
      stopped: turns.stopSpeaking(caller.principal),
    }),
    'audio.device_list': () => turns.places.devices(),
    'audio.level_watch': (payload, { caller }) => turns.levels.set(payload, caller.connection_id),
    'device.move': async (to) => ({ home: await turns.places.move(to) }),
    'device.go_home': async () => ({ home: await turns.places.goHome() }),
  };
}
