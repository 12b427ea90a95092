import type { JsonObject } from '#schema/envelope/json.ts';
import { withoutExpressions } from '../core/check-schema.ts';
import type { SchemaCheck } from '../ports.ts';

/** Checks with AJV, loaded at the first use. A schema that cannot be used lets nothing through. */
export const ajvCheck = (): SchemaCheck => async (schema: JsonObject, value: unknown) => {
  const { AjvJsonSchemaValidator } = await import('@modelcontextprotocol/client/validators/ajv');
  try {
    // A new one each time: two servers may give different schemas the same $id.
    const validate = new AjvJsonSchemaValidator().getValidator(withoutExpressions(schema));
    const found = validate(value);
    return found.valid ? null : found.errorMessage;
  } catch {
    return 'the schema of the tool cannot be used';
  }
};
