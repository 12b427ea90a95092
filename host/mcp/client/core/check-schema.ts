import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';

/**
 * Keywords whose text is a regular expression of the server's. One of those can keep a processor busy
 * for years, so they are not obeyed here; the server checks its own.
 */
const expressions = new Set(['pattern', 'patternProperties', 'format']);
/** Below these the keys are names of the server's, no keywords. */
const named = new Set(['properties', '$defs', 'definitions', 'dependentSchemas']);

/** The same schema without what would run a regular expression of somebody else. */
export function withoutExpressions(schema: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !expressions.has(keyword))
      .map(([keyword, value]) => [keyword, part(keyword, value)]),
  );
}

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function part(keyword: string, value: JsonValue): JsonValue {
  if (keyword === 'enum' || keyword === 'const' || keyword === 'default' || keyword === 'examples')
    return value;
  if (named.has(keyword) && isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        name,
        isObject(inner) ? withoutExpressions(inner) : inner,
      ]),
    );
  if (Array.isArray(value))
    return value.map((inner) => (isObject(inner) ? withoutExpressions(inner) : inner));
  return isObject(value) ? withoutExpressions(value) : value;
}
