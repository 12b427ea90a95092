import * as z from 'zod';

/**
 * Every error code that may cross the wire, with whether trying again can help.
 * A code is never renamed or reused: clients match on it. The sentence is the default
 * message; a handler may give a more exact one.
 */
export const wireErrors = {
  // wire
  bad_frame: { retryable: false, message: 'The frame is not valid UTF-8 JSON.' },
  json_too_deep: { retryable: false, message: 'The JSON is nested deeper than 64 levels.' },
  bad_request: { retryable: false, message: 'The request does not have the shape of an envelope.' },
  frame_too_large: {
    retryable: false,
    message: 'The frame is over 16 MiB; the connection closes.',
  },
  payload_too_large: { retryable: false, message: 'The payload is over 1 MiB.' },
  unsupported_version: {
    retryable: false,
    message: 'This contract version is not spoken here; see host.version.',
  },
  unknown_command: { retryable: false, message: 'There is no such command.' },
  invalid_payload: { retryable: false, message: 'The payload does not fit the command.' },
  too_many_requests: {
    retryable: true,
    message: 'Too many requests are in flight on this connection.',
  },
  slow_consumer: {
    retryable: true,
    message: 'This client does not read fast enough; resume with stream.subscribe.',
  },
  // handshake
  handshake_failed: {
    retryable: false,
    message: 'The handshake did not prove the key of this host.',
  },
  handshake_timeout: { retryable: true, message: 'The handshake took longer than 5 seconds.' },
  too_many_connections: { retryable: true, message: 'This host has too many connections.' },
  token_revoked: {
    retryable: false,
    message: "This agent's token is unknown or was revoked; connect the agent again.",
  },
  // rights
  name_taken: {
    retryable: false,
    message: 'Another agent has this name; take another one.',
  },
  capability_exceeded: {
    retryable: false,
    message: 'A token hands down or gains no more than the one that it came from.',
  },
  role_refused: { retryable: false, message: 'This role may not use this command.' },
  approval_source_refused: {
    retryable: false,
    message: 'A decision can only come from an enrolled decider: answer on the card in the editor.',
  },
  decider_required: {
    retryable: false,
    message: 'This change loosens a protection, so it must be made in the editor.',
  },
  decider_unknown: {
    retryable: false,
    message:
      'This editor is not enrolled to decide here; approve its enrolment in an enrolled editor.',
  },
  signature_invalid: { retryable: false, message: 'The signature does not match the decision.' },
  second_step_required: {
    retryable: false,
    message: 'This call is dangerous: approving it takes a second, deliberate step.',
  },
  workspace_untrusted: {
    retryable: false,
    message: 'This workspace is not trusted, so nothing runs in it. Trust it in the editor first.',
  },
  kill_switch_on: {
    retryable: false,
    message: 'The kill switch is on: nothing is started until it is turned off in the editor.',
  },
  runtime_stopped: {
    retryable: true,
    message: 'Hob is paused. Resume it in the panel, or with "hob call runtime.start".',
  },
  policy_denied: { retryable: false, message: 'The policy does not allow this call.' },
  // state
  not_found: { retryable: false, message: 'There is nothing with that id.' },
  already_settled: { retryable: false, message: 'This was already decided.' },
  approval_expired: { retryable: false, message: 'This approval expired, which counts as no.' },
  arguments_changed: {
    retryable: false,
    message: 'The call is not the one that was shown; ask again.',
  },
  idempotency_conflict: {
    retryable: false,
    message: 'The same idempotency key was used with other content.',
  },
  version_conflict: { retryable: true, message: 'Somebody else changed this at the same moment.' },
  not_cancellable: { retryable: false, message: 'This has already ended.' },
  no_editor: { retryable: true, message: 'No editor window is open for this workspace.' },
  tool_call_unknown: {
    retryable: false,
    message: 'This tool call is not waiting for a result from this client.',
  },
  invalid_setting: {
    retryable: false,
    message: 'There is no such setting, or the value does not fit it.',
  },
  agent_unknown: { retryable: false, message: 'Hob does not know how to connect this agent.' },
  agent_config_changed: {
    retryable: false,
    message: "The agent's file changed in the meantime; look at the new plan first.",
  },
  agent_config_invalid: {
    retryable: false,
    message: "The agent's file cannot be read as what it should be; mend it first.",
  },
  // voice
  voice_unavailable: {
    retryable: false,
    message: 'Voice does not work on this machine; type instead. "Hob: Diagnose" says why.',
  },
  microphone_missing: {
    retryable: true,
    message: 'There is no microphone. Connect one, or choose another in the voice settings.',
  },
  microphone_denied: {
    retryable: false,
    message: 'This machine does not let Hob use the microphone. Allow it in the system settings.',
  },
  microphone_busy: {
    retryable: true,
    message: 'Another program has the microphone. Close that, or choose another microphone.',
  },
  microphone_lost: {
    retryable: true,
    message: 'The microphone was disconnected while you spoke. Connect it and say it again.',
  },
  microphone_muted: {
    retryable: true,
    message: 'The microphone is muted. Switch it on at the device or in the system.',
  },
  microphone_failed: { retryable: true, message: 'The microphone gives no sound.' },
  microphone_in_use: { retryable: true, message: 'Another window is listening.' },
  microphone_closed: {
    retryable: false,
    message: 'The microphone is switched off in Hob; switch it on first.',
  },
  speech_failed: { retryable: true, message: 'This cannot be said aloud; it is shown instead.' },
  audio_unreadable: { retryable: false, message: 'The sound file cannot be read.' },
  audio_invalid: { retryable: false, message: 'This is no WAV file that Hob can hear.' },
  audio_too_long: { retryable: false, message: 'The sound is longer than one sentence may be.' },
  // scheduler
  invalid_schedule: {
    retryable: false,
    message: 'The times of this task cannot be understood.',
  },
  invalid_zone: { retryable: false, message: 'There is no such time zone.' },
  time_in_past: { retryable: false, message: 'This time has passed; give a later one.' },
  task_busy: {
    retryable: true,
    message:
      'The task is running, and is set not to run twice at once; try again when it has ended.',
  },
  builtin_task: {
    retryable: false,
    message: 'This task comes with Hob: it can be paused, and its times can be changed.',
  },
  too_many_tasks: {
    retryable: false,
    message: 'There are too many tasks; delete some first.',
  },
  // runners
  command_not_found: {
    retryable: false,
    message: 'The program does not exist or may not be executed.',
  },
  command_failed: { retryable: false, message: 'The command ended with another exit code than 0.' },
  command_timeout: { retryable: false, message: 'The command ran too long and was stopped.' },
  path_outside_workspace: { retryable: false, message: 'The path leads out of the workspace.' },
  // external servers
  server_unknown: {
    retryable: false,
    message: 'There is no server of that name. "hob server list" says which there are.',
  },
  server_exists: {
    retryable: false,
    message: 'A server of that name exists; choose another name.',
  },
  too_many_servers: { retryable: false, message: 'There are too many servers; remove some first.' },
  server_unavailable: {
    retryable: true,
    retryAfterMs: 5000,
    message: 'The server does not answer; the servers in the panel say why.',
  },
  server_starting: {
    retryable: true,
    retryAfterMs: 3000,
    message: 'The server is still starting; try again in a moment.',
  },
  server_limit: {
    retryable: false,
    message: 'The server sent more than Hob takes of one message.',
  },
  server_unauthorized: {
    retryable: false,
    message: 'The server does not take what Hob shows it to log in.',
  },
  server_off: {
    retryable: false,
    message:
      'This server is turned off; a person turns it on again in the servers tab of the panel.',
  },
  server_needs_login: {
    retryable: false,
    message:
      'Somebody has to sign in at this server first: a person can, in the servers tab of the panel or with hob server login.',
  },
  server_session_lost: {
    retryable: true,
    message: 'The server has forgotten the session; the call may not have been made. Ask again.',
  },
  login_refused: {
    retryable: false,
    message: 'Signing in did not work; the servers in the panel say why.',
  },
  isolation_changed: {
    retryable: false,
    message: 'The server can not be isolated as it was approved; remove it and add it again.',
  },
  tool_unknown: {
    retryable: false,
    message: 'The server has no such tool; search_external_tools lists them.',
  },
  tool_quarantined: {
    retryable: false,
    message: 'This tool is not what was accepted; a person has to look at the change first.',
  },
  pins_corrupt: {
    retryable: false,
    message:
      'What is stored of the tools of this server does not fit together; remove it and add it again.',
  },
  tool_arguments_invalid: { retryable: false, message: 'The arguments do not fit the tool.' },
  tool_result_invalid: {
    retryable: false,
    message: 'The tool answered with something else than what it promises.',
  },
  tool_timeout: {
    retryable: false,
    message: 'The tool did not answer in time; it may have acted.',
  },
  tool_failed: { retryable: false, message: 'The server refused the call.' },
  // the vault
  vault_unavailable: {
    retryable: false,
    message: 'There is nowhere to keep the key of the vault, and secrets are kept in no other way.',
  },
  vault_locked: { retryable: true, message: 'The vault cannot be opened at this moment.' },
  secret_unknown: { retryable: false, message: 'The vault has no secret of that name.' },
  // what leaves the machine
  egress_refused: {
    retryable: false,
    message: 'Nobody allowed a connection to this address.',
  },
  egress_limited: {
    retryable: true,
    message: 'There were too many requests to this address; try again in a moment.',
  },
  egress_unreachable: {
    retryable: true,
    retryAfterMs: 5000,
    message: 'The address cannot be reached; look whether there is a network.',
  },
  egress_untrusted: {
    retryable: false,
    message: 'The address cannot prove that it is what it says.',
  },
  egress_too_large: {
    retryable: false,
    message: 'The answer is larger than what Hob takes.',
  },
  // scheduler
  not_leader: {
    retryable: true,
    message: 'This host does not lead the scheduler, so it starts no scheduled run.',
  },
  // store and host
  store_unavailable: {
    retryable: true,
    message: 'The event store cannot be written, so every action is refused. See hob diagnose.',
  },
  host_restarted: {
    retryable: false,
    message: 'The host restarted during the call; it may or may not have taken effect.',
  },
  host_draining: { retryable: true, retryAfterMs: 1000, message: 'The host is shutting down.' },
  internal_error: {
    retryable: false,
    message: 'Something unexpected went wrong in the host; its log has the details.',
  },
} as const satisfies Record<string, { retryable: boolean; retryAfterMs?: number; message: string }>;

export type WireErrorCode = keyof typeof wireErrors;
// Marked so that a bundle that needs none of the sentences (the panel's: 9 kB) leaves them out.
export const wireErrorCodes = /* @__PURE__ */ Object.keys(wireErrors) as [
  WireErrorCode,
  ...WireErrorCode[],
];

/** The `error` of a failed response. `code` is one of `wireErrors`, or one of a newer host. */
export const wireErrorSchema = z.object({
  code: z.string().min(1),
  message: z.string(),
  retryable: z.boolean(),
  retry_after_ms: z.number().int().nonnegative().optional(),
  details: z.record(z.string(), z.json()).optional(),
});
export type WireError = z.infer<typeof wireErrorSchema>;
