import { allowedBy, type AllowedOrigin, type WebAddress } from '#host/egress/core/allowed.ts';

/**
 * A place that a server sends Hob to for signing in, as it could be allowed; with why not where it never can be.
 * A server elsewhere has no business with what runs on this machine or in its network.
 */
export function loginOrigin(
  place: WebAddress,
  own: AllowedOrigin,
  allowsPrivate: boolean,
): { allowed: AllowedOrigin } | { problem: string } {
  const judged = allowedBy(place, allowsPrivate);
  if ('problem' in judged) return judged;
  if (judged.allowed.reach === 'loopback' && own.reach !== 'loopback')
    return { problem: 'it is on this machine, and the server is not' };
  return judged;
}

/** Those that nobody allowed yet, each once. */
export const missing = (
  wanted: readonly AllowedOrigin[],
  allowed: readonly AllowedOrigin[],
): AllowedOrigin[] => {
  const known = new Set(allowed.map(({ origin }) => origin));
  const found = new Map(wanted.map((one) => [one.origin, one]));
  return [...found.values()].filter(({ origin }) => !known.has(origin));
};
