import type { JsonObject } from '#schema/envelope/json.ts';

/** The text in one field of stored data. Throws when it is not text: then the data is not what it should be. */
export function textField(data: JsonObject, field: string): string {
  const value = data[field];
  if (typeof value !== 'string') throw new TypeError(`${field} is not text`);
  return value;
}

/** The fields that are there: without those that are undefined. */
export const present = <T extends object>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
