import * as z from 'zod';
import { wireErrorSchema } from '../envelope/errors.ts';
import { domainId } from '../envelope/ids.ts';

/*
 * What the panel's webview and the extension say to each other over postMessage, beside the
 * envelopes. A message with the key `bridge` is one of these and never leaves the editor; every
 * other message is an envelope: requests from the panel, responses and events to it.
 *
 * The extension passes requests on over its `panel` connection and adds what only it knows:
 * `workspace_id` on the envelope, `window_id` in conversation.inject_text. It holds the decider's
 * key, so it also completes `approval.respond` (and what loosens a protection, such as
 * policy.kill_switch_set off) with decider_id, decided_at and signature. Keys never enter the webview.
 */

/** How the panel reaches the host. `connecting` is the first time, `reconnecting` every later one. */
export const linkStates = [
  'connecting',
  'connected',
  'reconnecting',
  'fatal',
  'incompatible',
] as const;
export const linkStateSchema = z.enum(linkStates);
export type LinkState = z.infer<typeof linkStateSchema>;

/** May this editor decide? `pending` waits for an enrolled editor's approval; `unknown` was not asked yet. */
export const deciderStatuses = ['unknown', 'enrolled', 'pending', 'failed'] as const;
export const deciderStatusSchema = z.enum(deciderStatuses);
export type DeciderStatus = z.infer<typeof deciderStatusSchema>;

/** The whole state, sent after `ready` and at every change. */
export const bridgeStateSchema = z.object({
  bridge: z.literal('state'),
  state: linkStateSchema,
  /** Why, in words a person can act on; null when there is nothing to add. */
  detail: z.string().max(2_048).nullable(),
  /** The workspace of this window, which is where a typed sentence acts. */
  window_name: z.string().max(256),
  /** This window, as the host knows it. */
  window_id: z.string().max(64),
  /** VS Code's Workspace Trust. */
  trusted: z.boolean(),
  /** True when a decision from this panel would be accepted. */
  can_decide: z.boolean(),
  decider_status: deciderStatusSchema,
});
export type BridgeState = z.infer<typeof bridgeStateSchema>;

/** Extension → panel. */
export const bridgeToPanelSchema = z.discriminatedUnion('bridge', [
  bridgeStateSchema,
  /** Bring this card into view and select it, e.g. after a notification was clicked. */
  z.object({ bridge: z.literal('focus_approval'), approval_id: domainId('approval') }),
  /** Put this text into the sentence field, without sending it. */
  z.object({ bridge: z.literal('draft'), text: z.string().max(4_096) }),
  /**
   * The editor window gained or lost the focus of the desktop (`vscode.window.state.focused`), sent
   * after `ready` and at every change. A webview cannot tell that from a move of the focus inside the
   * window, and a click that raised the window must not decide.
   */
  z.object({ bridge: z.literal('window'), focused: z.boolean() }),
  /** Why talking did not begin, or null when it has begun. */
  z.object({ bridge: z.literal('talk_problem'), error: wireErrorSchema.nullable() }),
]);
export type BridgeToPanel = z.infer<typeof bridgeToPanelSchema>;

/** What the panel may ask the editor to open or do. The extension maps each to a command of its own. */
export const panelCommands = [
  'open_walkthrough',
  'open_settings',
  'show_log',
  'manage_trust',
  'restart_host',
  'reload_window',
  'run_demo',
  'choose_microphone',
] as const;
export const panelCommandSchema = z.enum(panelCommands);
export type PanelCommand = z.infer<typeof panelCommandSchema>;

/**
 * What a hand does at the orb, the microphone button or a key of the panel. `lost`: the pointer or the focus
 * went away while it was pressed. `take_over`: talk here although another window does.
 */
export const talkActSchema = z.enum(['press', 'release', 'lost', 'cancel', 'take_over']);
export type TalkAct = z.infer<typeof talkActSchema>;

/** https; http only at this machine. */
const pageAddress = /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/])/;

/** Panel → extension. */
export const bridgeFromPanelSchema = z.discriminatedUnion('bridge', [
  /** The panel listens from now on; answered with the state. */
  z.object({ bridge: z.literal('ready') }),
  /** Show a stored event as a read-only document. */
  z.object({ bridge: z.literal('open_event'), seq: z.number().int().positive() }),
  /**
   * Let the person choose a file and write stored events into it, one JSON document a line, oldest first: those
   * that `event.query` finds by `text` (empty: all) and those of `seqs`, which match what the panel says of them.
   */
  z.object({
    bridge: z.literal('export_events'),
    text: z.string().max(256),
    seqs: z.array(z.number().int().positive()),
  }),
  z.object({ bridge: z.literal('run_command'), command: panelCommandSchema }),
  /** The extension signs that a person began to talk, so it opens and ends the turns of this window. */
  z.object({ bridge: z.literal('talk'), act: talkActSchema }),
  /** The person wants to say the answer to what an agent asked: a turn of its own, ended by silence. */
  z.object({ bridge: z.literal('talk_answer'), inquiry_id: domainId('inquiry') }),
  /** Show the edit that an approval asks for in VS Code's diff editor. */
  z.object({ bridge: z.literal('show_diff'), approval_id: domainId('approval') }),
  /** Open the page at which the person signs in at a server, in the browser. */
  z.object({ bridge: z.literal('open_sign_in'), url: z.string().regex(pageAddress).max(8_192) }),
]);
export type BridgeFromPanel = z.infer<typeof bridgeFromPanelSchema>;
