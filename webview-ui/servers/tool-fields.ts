import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';

/** One argument of a tool as a form asks for it. What stands in it is always text. */
export interface ToolField {
  readonly name: string;
  /** `json`: whatever has no better field is written as JSON. */
  readonly kind: 'text' | 'number' | 'integer' | 'choice' | 'json';
  readonly label: string;
  readonly hint: string | null;
  readonly required: boolean;
  /** Of a choice, each as JSON. */
  readonly options: readonly string[];
  readonly initial: string;
}

export type FieldValues = ReadonlyMap<string, string>;

/** Arguments for a tool, or what is wrong by the name of the field. */
export type MadeArguments =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly problems: ReadonlyMap<string, string> };

/** The field that stands for all of them when they are written as one JSON object. */
export const WHOLE = '';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value : null;

/** The fields of a tool's input schema; null when only JSON can say what it wants. */
export function fieldsOf(schema: JsonObject): ToolField[] | null {
  const properties = schema['properties'] ?? {};
  const needsMore = ['allOf', 'anyOf', 'oneOf', '$ref'].some((word) => word in schema);
  if (!isObject(properties) || needsMore) return null;
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(properties).map(([name, property]) =>
    fieldOf(name, isObject(property) ? property : {}, required.includes(name)),
  );
}

function fieldOf(name: string, property: JsonObject, required: boolean): ToolField {
  const options = optionsOf(property);
  const kind = options.length > 0 ? 'choice' : kindOf(property);
  const given = property['default'] ?? property['const'];
  return {
    name,
    kind,
    label: textOf(property['title']) ?? name,
    hint: textOf(property['description']),
    required,
    options,
    initial: given === undefined ? '' : written(kind, given),
  };
}

/** How a value stands in a field of this kind. */
const written = (kind: ToolField['kind'], value: JsonValue): string =>
  kind === 'text' && typeof value === 'string' ? value : JSON.stringify(value);

function optionsOf(property: JsonObject): string[] {
  const { enum: values } = property;
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value));
  return soleType(property) === 'boolean' ? ['true', 'false'] : [];
}

function kindOf(property: JsonObject): ToolField['kind'] {
  switch (soleType(property)) {
    case 'string':
      return 'text';
    case 'number':
      return 'number';
    case 'integer':
      return 'integer';
    default:
      return 'json';
  }
}

/** The one type of a property beside null; undefined when it has several or says none. */
function soleType(property: JsonObject): string | undefined {
  const { type, anyOf } = property;
  const parts = Array.isArray(anyOf)
    ? anyOf.map((part) => (isObject(part) ? part['type'] : null))
    : [type];
  const types = parts.flat().filter((one) => one !== 'null');
  const [first] = types;
  return types.length === 1 && typeof first === 'string' ? first : undefined;
}

/** What a fresh form says. */
export const initialValues = (fields: readonly ToolField[]): FieldValues =>
  new Map(fields.map(({ name, initial }) => [name, initial]));

/** The arguments that the fields say. Whether they fit the schema is the host's to check. */
export function argumentsOf(fields: readonly ToolField[], values: FieldValues): MadeArguments {
  const problems = new Map<string, string>();
  const made: [string, JsonValue][] = [];
  for (const field of fields) {
    const text = values.get(field.name) ?? '';
    if (text === '' && !field.required) continue;
    const read = text === '' ? wrong('Fill this in.') : valueOf(field.kind, text);
    if (read.ok) made.push([field.name, read.value]);
    else problems.set(field.name, read.why);
  }
  return problems.size === 0
    ? { ok: true, value: Object.fromEntries(made) }
    : { ok: false, problems };
}

type Read = { ok: true; value: JsonValue } | { ok: false; why: string };
const wrong = (why: string): Read => ({ ok: false, why });

function valueOf(kind: ToolField['kind'], text: string): Read {
  if (kind === 'text') return { ok: true, value: text };
  if (kind === 'number' || kind === 'integer') return numberOf(kind, text.trim());
  try {
    return { ok: true, value: JSON.parse(text) as JsonValue };
  } catch {
    return wrong('This is not JSON. Text needs quotation marks, for example "text" or ["a", "b"].');
  }
}

function numberOf(kind: 'number' | 'integer', text: string): Read {
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) return wrong('Write a number.');
  if (kind === 'integer' && !Number.isInteger(value)) return wrong('Write a whole number.');
  return { ok: true, value };
}

/** Arguments written as one JSON object. */
export function argumentsIn(text: string): MadeArguments {
  const read = valueOf('json', text.trim() === '' ? '{}' : text);
  if (read.ok && isObject(read.value)) return { ok: true, value: read.value };
  const why = read.ok ? 'Write one JSON object, for example {"path": "a.txt"}.' : read.why;
  return { ok: false, problems: new Map([[WHOLE, why]]) };
}
