import * as z from 'zod';
import { domainId, timestampSchema, uuidSchema } from '../envelope/ids.ts';
import { audioDeviceSchema, turnViewSchema, voiceHomeSchema } from '../views/turn.ts';
import { sayResultSchema } from './conversation.ts';
import { command, editor, people } from './define.ts';

const turnId = domainId('turn');
const windowId = z.string().min(1).max(64);
const deviceId = z.string().max(512);

export const voiceCommands = [
  command({
    name: 'conversation.listen_start',
    roles: editor,
    action: 'act',
    idempotent: false,
    since: '0.1.0',
    summary:
      'A person begins to talk in this window. Answers at once; runtime.mic_status says when the microphone is open. With a statement signed by an enrolled decider an answer to a waiting approval may count in this turn. Refused with microphone_in_use while another window talks, unless `take_over`.',
    payload: () =>
      z.object({
        window_id: windowId,
        mode: z.enum(['hold', 'tap']),
        /** End the turn of the window that talks now. */
        take_over: z.boolean().default(false),
        /** What is said answers this inquiry and nothing else: such a turn never decides. */
        inquiry_id: domainId('inquiry').optional(),
        /** The signed statement: all four, or none. */
        listen_id: uuidSchema.optional(),
        opened_at: timestampSchema.optional(),
        decider_id: domainId('decider').optional(),
        signature: z.string().max(128).optional(),
      }),
    result: () => z.object({ turn_id: turnId, can_decide: z.boolean() }),
  }),
  command({
    name: 'conversation.listen_stop',
    roles: editor,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary:
      'The hand let go: what was said until now is recognised and done. With `discard`, forgotten. Without an id, the turn of this window.',
    payload: () =>
      z.object({
        window_id: windowId,
        turn_id: turnId.optional(),
        discard: z.boolean().default(false),
      }),
    result: () => z.object({ turn_id: turnId.nullable() }),
  }),
  command({
    name: 'conversation.gate_set',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary:
      'Closed: no microphone opens, until it is opened again, also after a restart. A turn that listens is forgotten.',
    payload: () => z.object({ open: z.boolean() }),
    result: () => z.object({ open: z.boolean() }),
  }),
  command({
    name: 'conversation.transcript_confirm',
    roles: editor,
    action: 'act',
    idempotent: false,
    since: '0.1.0',
    summary:
      'With the setting voice.edit_transcript: does what stands in the transcript now. What was edited by hand never decides.',
    payload: () => z.object({ turn_id: turnId, text: z.string().min(1).max(4_096) }),
    result: () => z.object({ turn_id: turnId }),
  }),
  command({
    name: 'conversation.inject_audio',
    roles: ['cli'],
    action: 'act',
    idempotent: false,
    since: '0.1.0',
    summary:
      'A WAV file plays the part of the microphone. Same answer as conversation.inject_text; never a decision.',
    payload: () =>
      z.object({
        /** Absolute path of a WAV file that this user may read. */
        path: z.string().min(1).max(4_096),
        window_id: windowId.optional(),
        /** Frames at the speed of a microphone instead of as fast as they are taken. */
        paced: z.boolean().default(false),
        dry_run: z.boolean().default(false),
        wait_ms: z.number().int().min(0).max(600_000).default(45_000),
      }),
    result: () => sayResultSchema.extend({ record: turnViewSchema }),
  }),
  command({
    name: 'conversation.turn_list',
    roles: people,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary:
      'The last spoken turns with every moment of them, newest first. Kept in memory, at most 50.',
    payload: () => z.object({ limit: z.number().int().min(1).max(50).default(10) }),
    result: () => z.object({ turns: z.array(turnViewSchema) }),
  }),
  command({
    name: 'conversation.turn_get',
    roles: people,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'One of them. With `wait_ms`, answers when it has ended.',
    payload: () =>
      z.object({ turn_id: turnId, wait_ms: z.number().int().min(0).max(50_000).default(0) }),
    result: () => z.object({ turn: turnViewSchema }),
  }),
  command({
    name: 'client.shown_set',
    roles: editor,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary:
      'Which approvals a person can read in this window now. A spoken answer counts only for one that has been on show for a second. Forgotten when the connection closes.',
    payload: () =>
      z.object({
        window_id: windowId,
        approvals: z.array(domainId('approval')).max(64),
      }),
    result: () => z.object({}),
  }),
  command({
    name: 'speech.speak',
    roles: [...people, 'agent'],
    action: 'control',
    idempotent: false,
    since: '0.1.0',
    summary:
      'Says a text aloud, sentence by sentence, when nobody talks and after what is being said. Answers when it was heard, stopped, or `wait_ms` is over. In quiet mode it is shown and not said.',
    payload: () =>
      z.object({
        text: z.string().min(1).max(4_096),
        wait_ms: z.number().int().min(0).max(120_000).default(0),
      }),
    result: () =>
      z.object({
        speech_id: uuidSchema,
        status: z.enum(['queued', 'spoken', 'stopped', 'quiet']),
        sentences: z.number().int(),
        /** Sentences that were heard to their end. */
        spoken: z.number().int(),
      }),
  }),
  command({
    name: 'speech.stop',
    roles: [...people, 'agent'],
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary:
      'Silence at once, and what waits to be said is forgotten. An agent stops only what it asked to be said.',
    payload: () => z.object({}),
    result: () => z.object({ stopped: z.number().int() }),
  }),
  command({
    name: 'audio.device_list',
    roles: people,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'Microphones and speakers, which are in use, and what listens and speaks.',
    payload: () => z.object({}),
    result: () =>
      z.object({
        inputs: z.array(audioDeviceSchema),
        outputs: z.array(audioDeviceSchema),
        home: voiceHomeSchema,
        gate_open: z.boolean(),
        /** Voices that `voice.voice` may name. */
        voices: z.array(z.object({ id: z.string(), name: z.string() })),
        /** Each part with what it runs on, and in words why it is a fallback. */
        engines: z.array(
          z.object({ part: z.string(), engine: z.string(), problem: z.string().nullable() }),
        ),
      }),
  }),
  command({
    name: 'audio.level_watch',
    roles: editor,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary:
      'Opens the microphone for its level alone, as the device picker does; runtime.mic_status and runtime.audio_level tell. What it hears is neither recognised nor kept. Closed by `on: false`, six seconds after the last call, and by the first turn, which tells its own level.',
    payload: () => z.object({ window_id: windowId, on: z.boolean() }),
    /** Null where it is closed, or a turn has it. */
    result: () => z.object({ device: z.string().nullable() }),
  }),
  command({
    name: 'device.move',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary:
      'Moves the voice session: turns act on that window, and are heard and answered on those devices, until device.go_home or the host ends.',
    payload: () =>
      z
        .object({
          window_id: windowId.optional(),
          input: deviceId.optional(),
          output: deviceId.optional(),
        })
        .refine((to) => Object.keys(to).length > 0, 'name a window or a device'),
    result: () => z.object({ home: voiceHomeSchema }),
  }),
  command({
    name: 'device.go_home',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary: 'Back to the window that is spoken to, and to the devices of the settings.',
    payload: () => z.object({}),
    result: () => z.object({ home: voiceHomeSchema }),
  }),
] as const;
