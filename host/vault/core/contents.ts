/** What is inside the encrypted file. */
export interface Contents {
  v: 1;
  secrets: Record<string, { value: string; set_at: string }>;
  /** By the server that each is for. `secrets`: what in it nobody may read. */
  logins?: Record<string, { text: string; secrets: string[] }>;
}

export const noSecrets: Contents = { v: 1, secrets: {} };

/** Null when it is something else, or of a later version. */
export function readContents(text: string): Contents | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { v, secrets } = (value ?? {}) as { v?: unknown; secrets?: unknown };
  if (v !== 1 || typeof secrets !== 'object' || secrets === null) return null;
  const whole = Object.values(secrets).every(
    (one: unknown) =>
      typeof one === 'object' &&
      one !== null &&
      typeof (one as Record<string, unknown>)['value'] === 'string' &&
      typeof (one as Record<string, unknown>)['set_at'] === 'string',
  );
  return whole && areLogins((value as Partial<Contents>).logins) ? (value as Contents) : null;
}

function areLogins(logins: unknown): boolean {
  if (logins === undefined) return true;
  if (typeof logins !== 'object' || logins === null) return false;
  return Object.values(logins).every(
    (one: unknown) =>
      typeof one === 'object' &&
      one !== null &&
      typeof (one as Record<string, unknown>)['text'] === 'string' &&
      Array.isArray((one as Record<string, unknown>)['secrets']),
  );
}

export const withSecret = (
  contents: Contents,
  name: string,
  value: string,
  set_at: string,
): Contents => ({ ...contents, secrets: { ...contents.secrets, [name]: { value, set_at } } });

const without = <T>(all: Record<string, T>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([other]) => other !== name));

export const withoutSecret = (contents: Contents, name: string): Contents => ({
  ...contents,
  secrets: without(contents.secrets, name),
});

/** Null forgets it. */
export function withLogin(
  contents: Contents,
  serverId: string,
  login: { text: string; secrets: string[] } | null,
): Contents {
  const { logins = {} } = contents;
  const rest = without(logins, serverId);
  return { ...contents, logins: login === null ? rest : { ...rest, [serverId]: login } };
}
