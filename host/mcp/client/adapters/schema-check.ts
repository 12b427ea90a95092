import type { JsonObject } from '#schema/envelope/json.ts';
import { withoutExpressions } from '../core/check-schema.ts';
import type { SchemaCheck } from '../ports.ts';

/**
 * Checks by walking the schema. AJV would make code of it, and the schema is somebody else's. A schema that
 * cannot be used lets nothing through.
 */
export const schemaCheck = (): SchemaCheck => async (schema: JsonObject, value: unknown) => {
  const { CfWorkerJsonSchemaValidator } =
    await import('@modelcontextprotocol/client/validators/cf-worker');
  try {
    const found = new CfWorkerJsonSchemaValidator().getValidator(withoutExpressions(schema))(value);
    return found.valid ? null : found.errorMessage;
  } catch {
    return 'the schema of the tool cannot be used';
  }
};
