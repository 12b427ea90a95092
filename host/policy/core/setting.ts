import type * as z from 'zod';
import type { JsonValue } from '#schema/envelope/json.ts';

/** One setting of the host: what it means, what it may be, and when changing it loosens a protection. */
export interface Setting {
  schema: z.ZodType<JsonValue>;
  value: JsonValue;
  description: string;
  loosens?: (from: JsonValue, to: JsonValue) => boolean;
}
