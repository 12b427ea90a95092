/** What is inside the encrypted file. */
export interface Contents {
  v: 1;
  secrets: Record<string, { value: string; set_at: string }>;
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
  return whole ? (value as Contents) : null;
}

export const withSecret = (
  { secrets }: Contents,
  name: string,
  value: string,
  set_at: string,
): Contents => ({ v: 1, secrets: { ...secrets, [name]: { value, set_at } } });

export const withoutSecret = ({ secrets }: Contents, name: string): Contents => ({
  v: 1,
  secrets: Object.fromEntries(Object.entries(secrets).filter(([other]) => other !== name)),
});
