import * as z from 'zod';

/*
 * What a server may ask a person for in a form: what the protocol calls a primitive schema, in one shape
 * whatever way it was written in. The names and words are the server's.
 */

const size = z.number().int().min(0).nullable();

const textInput = z.object({
  type: z.literal('text'),
  format: z.enum(['email', 'uri', 'date', 'date-time']).nullable(),
  min_length: size,
  max_length: size,
  initial: z.string().nullable(),
});
const numberInput = z.object({
  type: z.literal('number'),
  integer: z.boolean(),
  minimum: z.number().nullable(),
  maximum: z.number().nullable(),
  initial: z.number().nullable(),
});
const tickInput = z.object({ type: z.literal('tick'), initial: z.boolean().nullable() });
/** `many`: any number of the options, within `min` and `max`; else exactly one. */
const choiceInput = z.object({
  type: z.literal('choice'),
  options: z
    .array(z.object({ value: z.string(), title: z.string() }))
    .min(1)
    .max(100),
  many: z.boolean(),
  min: size,
  max: size,
  initial: z.array(z.string()).nullable(),
});

export const formFieldSchema = z.object({
  name: z.string().min(1).max(128),
  label: z.string().min(1).max(200),
  hint: z.string().max(500).nullable(),
  required: z.boolean(),
  input: z.discriminatedUnion('type', [textInput, numberInput, tickInput, choiceInput]),
});
export type FormField = z.infer<typeof formFieldSchema>;
export type FormInput = FormField['input'];
