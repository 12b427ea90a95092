import {
  AuthorizationServerMismatchError,
  InsecureTokenEndpointError,
  IssuerMismatchError,
  OAuthError,
  OAuthErrorCode,
  RegistrationRejectedError,
} from '@modelcontextprotocol/client';
import { HobError } from '#host/kernel/errors.ts';

export const refused = (why: string, cause?: unknown): HobError =>
  new HobError('login_refused', { message: `Signing in did not work: ${why}.`, cause });

/** What the SDK throws while somebody signs in, as something a person can act on. */
export function asLoginProblem(cause: unknown): HobError {
  for (let error = cause, depth = 0; error instanceof Error && depth < 8; depth += 1) {
    if (error instanceof HobError) return error;
    error = error.cause;
  }
  if (cause instanceof IssuerMismatchError)
    return refused(
      'an answer says that it is from another authorization server than the one that was asked; nothing of it was used',
      cause,
    );
  if (cause instanceof AuthorizationServerMismatchError)
    return refused('the authorization server is another one than the login is for', cause);
  if (cause instanceof InsecureTokenEndpointError)
    return refused('its authorization server wants the tokens asked for without TLS', cause);
  if (cause instanceof RegistrationRejectedError)
    return refused(
      `its authorization server does not register Hob (status ${cause.status}). Register a client there and name it: --client-id`,
      cause,
    );
  if (cause instanceof OAuthError) return oauthProblem(cause);
  const words = cause instanceof Error ? cause.message : '';
  if (words.startsWith('Protected resource '))
    return refused('it describes another server than the one that you added', cause);
  if (words.includes('does not support dynamic client registration'))
    return refused(
      'its authorization server does not register clients. Register one there and name it: --client-id',
      cause,
    );
  const said = /^(HTTP \d{3}|Incompatible auth server)/.test(words)
    ? words.slice(0, 200)
    : 'what it answers is not what the standard says';
  return refused(said, cause);
}

/** Busy or broken for the moment, which is no reason to forget a login. */
const passing: readonly string[] = [
  OAuthErrorCode.ServerError,
  OAuthErrorCode.TemporarilyUnavailable,
  OAuthErrorCode.TooManyRequests,
];

function oauthProblem(error: OAuthError): HobError {
  if (passing.includes(error.code))
    return new HobError('server_unavailable', {
      message:
        'The authorization server of this server does not answer as it should; try again later.',
      cause: error,
    });
  const words = error.message === error.code ? '' : `: ${error.message.slice(0, 200)}`;
  return refused(`the authorization server says ${error.code.slice(0, 64)}${words}`, error);
}
