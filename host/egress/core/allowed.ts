/** Of a URL, what is judged. */
export interface WebAddress {
  readonly origin: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly username: string;
  readonly password: string;
}

/** Which kind of address a name may lead to. */
export const reaches = ['public', 'private', 'loopback'] as const;
export type Reach = (typeof reaches)[number];

/** What an address is for. `never`: link-local (the metadata of clouds lies there), multicast, reserved. */
export type AddressKind = Reach | 'never';

/** One place that somebody allowed: exactly this scheme, host and port, at addresses of this kind. */
export interface AllowedOrigin {
  /** As `URL.origin` writes it. */
  origin: string;
  reach: Reach;
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/** True for the names of this machine itself that need no look-up to be known as such. */
export const isLoopbackName = (hostname: string): boolean =>
  loopbackNames.has(hostname) || hostname.endsWith('.localhost');

/** What an address that somebody wrote down allows; null with why not when it cannot be allowed at all. */
export function allowedBy(
  url: WebAddress,
  allowsPrivate: boolean,
): { allowed: AllowedOrigin } | { problem: string } {
  const loopback = isLoopbackName(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback))
    return { problem: 'it has to be https (http only at localhost)' };
  if (url.username !== '' || url.password !== '')
    return { problem: 'a name or password in an address would be kept and shown' };
  const reach: Reach = loopback ? 'loopback' : allowsPrivate ? 'private' : 'public';
  return { allowed: { origin: url.origin, reach } };
}

/** The permission that covers a request, or null. */
export const permissionFor = (
  url: WebAddress,
  allowed: readonly AllowedOrigin[],
): AllowedOrigin | null => {
  const named = url.username === '' && url.password === '';
  return named ? (allowed.find(({ origin }) => origin === url.origin) ?? null) : null;
};

/** Whether an address may be connected to. Private ones include what is public: a name may move there. */
export const mayReach = (reach: Reach, kind: AddressKind): boolean =>
  kind === reach || (reach === 'private' && kind === 'public');
