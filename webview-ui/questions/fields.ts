import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';
import type { FormField } from '#schema/views/form-field.ts';

/** What stands in the fields of one form: text, a tick, or the chosen ones. */
export type Standing = Readonly<Record<string, string | boolean | readonly string[]>>;

/** A form that nobody has touched. */
export const untouched = (fields: readonly FormField[]): Standing =>
  Object.fromEntries(fields.map((field) => [field.name, initialOf(field)]));

function initialOf({ input }: FormField): Standing[string] {
  switch (input.type) {
    case 'text':
      return input.initial ?? '';
    case 'number':
      return input.initial === null ? '' : String(input.initial);
    case 'tick':
      return input.initial ?? false;
    case 'choice':
      return input.many ? (input.initial ?? []) : (input.initial?.[0] ?? '');
  }
}

/** What is sent. A field that stands empty is null, so that it does not fall back to what it began with. */
export const contentOf = (fields: readonly FormField[], standing: Standing): JsonObject =>
  Object.fromEntries(fields.map((field) => [field.name, valueOf(field, standing[field.name])]));

function valueOf({ input }: FormField, stands: Standing[string] | undefined): JsonValue {
  if (stands === undefined || stands === '') return null;
  if (typeof stands === 'boolean') return stands;
  if (typeof stands !== 'string') return stands.length === 0 && !input.initial ? null : [...stands];
  if (input.type !== 'number') return stands;
  const number = stands.trim() === '' ? null : Number(stands);
  // What is no number is sent as it is: the host says what is wrong with it.
  return number === null || Number.isFinite(number) ? number : stands;
}
