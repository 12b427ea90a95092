import type { JsonObject } from '#schema/envelope/json.ts';
import type { OAuthSettings } from '#schema/views/server.ts';

/** A login as it lies in the vault: good for one authorization server and one resource, and for no other. */
export interface KeptLogin {
  v: 1;
  grant: OAuthSettings['grant'];
  issuer: string;
  /** What the authorization server said of itself when the person signed in; null where it said nothing. */
  metadata: JsonObject | null;
  resource: string | null;
  /** As Hob registered itself there; null where the settings of the server name the client. */
  client: JsonObject | null;
  access_token: string;
  refresh_token: string | null;
  scope: string | null;
  /** What was asked for, which may be more than what was given. */
  asked_scope: string | null;
  /** Milliseconds since 1970. */
  expires_at: number | null;
}

/** Null when it is something else, or of a later version. */
export function readLogin(text: string): KeptLogin | null {
  try {
    const value = JSON.parse(text) as Partial<KeptLogin> | null;
    const isOne = value?.v === 1 && typeof value.access_token === 'string';
    return isOne && typeof value.issuer === 'string' ? (value as KeptLogin) : null;
  } catch {
    return null;
  }
}

/** What nobody may read in it. Shorter ones could not be told from other text. */
export const secretsOf = ({ access_token, refresh_token, client }: KeptLogin): string[] =>
  [access_token, refresh_token, client?.['client_secret'], client?.['registration_access_token']]
    .filter((value) => typeof value === 'string')
    .filter((value) => value.length >= 8);

/** A token that ends while its request is on the way is of no use. */
const EARLY_MS = 30_000;

export const hasEnded = ({ expires_at }: KeptLogin, now: number): boolean =>
  expires_at !== null && expires_at - EARLY_MS <= now;

/** Whether it can be prolonged without a person. */
export const renews = ({ grant, refresh_token }: KeptLogin): boolean =>
  grant === 'client_credentials' || refresh_token !== null;

const words = (scope: string | null | undefined): string[] =>
  (scope ?? '').split(/\s+/).filter((word) => word !== '');

/** Every scope of these once; null when there is none. */
export function scopeUnion(...scopes: readonly (string | null | undefined)[]): string | null {
  const all = [...new Set(scopes.flatMap(words))];
  return all.length === 0 ? null : all.join(' ');
}

/** Whether all that is wanted was asked for already: asking again would give nothing else. */
export const covers = (asked: string | null, wanted: string | null): boolean =>
  words(wanted).every((word) => words(asked).includes(word));
