import { HobError } from '#host/kernel/errors.ts';

const untrusted = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/;

const sentences: Record<string, (host: string) => string> = {
  ENOTFOUND: (host) => `${host} is not known: there is no network, or no such name.`,
  EAI_AGAIN: (host) => `${host} cannot be looked up: there is no network.`,
  ECONNREFUSED: (host) => `Nothing answers at ${host}.`,
  ENETUNREACH: (host) => `${host} cannot be reached: there is no network.`,
  EHOSTUNREACH: (host) => `${host} cannot be reached from here.`,
  ETIMEDOUT: (host) => `${host} did not answer in time.`,
};

/** What the system said about a request, as something a person can act on. */
export function explainFailure(cause: unknown, host: string): HobError {
  if (cause instanceof HobError) return cause;
  const code = codeIn(cause);
  if (untrusted.test(code))
    return new HobError('egress_untrusted', {
      message: `${host} cannot prove that it is ${host} (${code}).`,
      cause,
    });
  const message = sentences[code]?.(host) ?? `${host} broke the connection off (${code}).`;
  return new HobError('egress_unreachable', { message, cause });
}

/** An attempt at several addresses fails with an error of errors. */
function codeIn(cause: unknown): string {
  const { code, errors } = (cause ?? {}) as { code?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  return Array.isArray(errors) && errors.length > 0 ? codeIn(errors[0]) : 'unknown';
}
