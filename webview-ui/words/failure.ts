import type { WireError } from '#schema/envelope/errors.ts';

/** What to do next, where the sentence of the error does not say it. */
const nextSteps: Readonly<Record<string, string>> = {
  link_closed: 'The connection to the host closed. Hob connects again by itself; then repeat it.',
  request_timeout: 'The host did not answer in time. Look at the timeline before you repeat it.',
  host_draining: 'The host is restarting. Repeat it in a moment.',
  approval_source_refused: 'Words alone cannot answer a question. Use the buttons on the card.',
  decider_unknown:
    'This editor may not decide yet. Approve its enrolment in an editor that already may.',
  decider_required: 'This loosens a protection, so it takes an editor that may decide.',
  already_settled: 'This was answered somewhere else a moment ago.',
  approval_expired: 'Too late: it expired, which counts as no. The agent can ask again.',
  arguments_changed: 'The call is not the one that was shown, so nothing was approved.',
  store_unavailable:
    'Hob cannot write its event store, so nothing is allowed. Open the log to see why.',
  agent_config_changed: 'The file changed in the meantime. Look at the new plan, then write it.',
  no_editor: 'No editor window is open for that workspace. Open one, then say it again.',
  internal_error: 'Something unexpected went wrong in the host. Its log says what.',
};

/** A failure as a person reads it: what it means for them and what to do next. */
export const failureText = (error: WireError): string => nextSteps[error.code] ?? error.message;
