import * as z from 'zod';
import type { JsonObject } from '#schema/envelope/json.ts';

/**
 * The JSON Schema that a client is shown: nothing in it that a reader takes for granted. A model reads the
 * list of tools at every turn, so each byte of it is paid for again and again.
 */
export function leanSchema(schema: z.ZodObject, io: 'input' | 'output'): JsonObject {
  const whole = trimmed(z.toJSONSchema(schema, { io, target: 'draft-2020-12' }));
  return (io === 'input' ? whole : told(whole)) as JsonObject;
}

/**
 * An answer is read, not written: which fields there are, and their kind. Whatever fits the full schema fits
 * this one. What may be missing, or may be null, shows in the answer when it is there; what has to be known
 * of before is given a description (an empty one is not told).
 */
function told({ properties, required }: Schema): Record<string, unknown> {
  const always = new Set((required ?? []) as string[]);
  const fields = Object.entries((properties ?? {}) as Record<string, Schema>);
  const kept = fields.filter(
    ([name, field]) =>
      'description' in field || (always.has(name) && typeof field['type'] === 'string'),
  );
  return {
    type: 'object',
    properties: Object.fromEntries(
      kept.map(([name, field]) => {
        const { description } = field;
        return [
          name,
          {
            ...kindsOf(field),
            ...(typeof description === 'string' && description !== '' ? { description } : {}),
          },
        ];
      }),
    ),
  };
}

/** What a value of it is: one kind, or one of several, each by itself, since some readers know no lists of kinds. */
function kindsOf({ type, anyOf }: Schema): Record<string, unknown> {
  if (typeof type === 'string') return { type };
  if (Array.isArray(type)) return { anyOf: type.map((one: unknown) => ({ type: one })) };
  return Array.isArray(anyOf) ? { anyOf: anyOf.map((part: Schema) => kindsOf(part)) } : {};
}

/** Lengths that nobody reaches by writing; who does is told by the check. */
const LARGE = 100;

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What `z.json()` is in JSON Schema: every value there is, spelt out. */
const ANY_JSON = ['string', 'number', 'boolean', 'null', 'array', 'object'].join(' ');
const isAnyJson = (definition: unknown): boolean =>
  isSchema(definition) &&
  Array.isArray(definition['anyOf']) &&
  definition['anyOf'].map((part: Schema) => part['type']).join(' ') === ANY_JSON;

/** The definitions of the whole schema, by the reference that names them. */
const referred = (root: Schema, reference: unknown): unknown => {
  const name = typeof reference === 'string' ? reference.replace(/^#\/\$defs\//, '') : '';
  return isSchema(root['$defs']) ? root['$defs'][name] : undefined;
};
const allowsAnything = (value: unknown, root: Schema): boolean =>
  isSchema(value) && (Object.keys(value).length === 0 || isAnyJson(referred(root, value['$ref'])));

/** 2020-12 is MCP's dialect where none is named; names are text; the bounds are those of every JavaScript integer. */
function isTakenForGranted(keyword: string, value: unknown, root: Schema): boolean {
  switch (keyword) {
    case '$schema':
    case 'maxItems':
      return true;
    case 'minLength':
      return value === 1;
    case 'pattern':
      return typeof value === 'string' && isIdPattern(value);
    case 'propertyNames':
      return JSON.stringify(value) === '{"type":"string"}';
    case '$defs':
      return isSchema(value) && Object.values(value).every(isAnyJson);
    case 'additionalProperties':
      return value === false || allowsAnything(value, root);
    case 'maxLength':
      return Number(value) >= LARGE;
    case 'minimum':
      return value === 0 || value === Number.MIN_SAFE_INTEGER;
    case 'maximum':
      return value === Number.MAX_SAFE_INTEGER;
    default:
      return false;
  }
}

/** Ids are handed over as they were given, never made up. */
const isIdPattern = (pattern: string): boolean => /^\^[a-z]+_\[/.test(pattern);

function trimmed(schema: Schema, root: Schema = schema): Record<string, unknown> {
  // `.meta({ see: 'other_tool' })`: told there, and not twice.
  if (typeof schema['see'] === 'string')
    return { type: schema['type'], description: `As in ${schema['see']}` };
  const kept = Object.entries(schema).filter(
    ([keyword, value]) => !isTakenForGranted(keyword, value, root),
  );
  return Object.fromEntries(
    kept.map(([keyword, value]) => [keyword, trimmedPart(keyword, value, root)]),
  );
}

/** Schemas within a schema; what else a keyword holds (an enum, a default, a list of names) stays as it is. */
function trimmedPart(keyword: string, value: unknown, root: Schema): unknown {
  const inner = (part: unknown): unknown => (isSchema(part) ? trimmed(part, root) : part);
  if (keyword === 'properties' && isSchema(value))
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, inner(part)]));
  if (keyword === 'anyOf' && Array.isArray(value)) return value.map(inner);
  return keyword === 'items' || keyword === 'additionalProperties' ? inner(value) : value;
}
