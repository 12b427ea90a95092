import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as z from 'zod';
import { jsonObjectSchema } from '#schema/envelope/json.ts';
import { leanSchema } from './lean-schema.ts';

const shown = (schema: z.ZodObject): unknown => leanSchema(schema, 'input');

describe('what an agent is shown of a schema', () => {
  it('[G-26] leaves out what a reader takes for granted, at every depth', () => {
    const inner = z.object({ count: z.number().int(), text: z.string().max(4_096) });
    assert.deepEqual(shown(z.object({ list: z.array(inner), one: inner.nullable() })), {
      type: 'object',
      properties: {
        list: {
          type: 'array',
          items: {
            type: 'object',
            properties: { count: { type: 'integer' }, text: { type: 'string' } },
            required: ['count', 'text'],
          },
        },
        one: {
          anyOf: [
            {
              type: 'object',
              properties: { count: { type: 'integer' }, text: { type: 'string' } },
              required: ['count', 'text'],
            },
            { type: 'null' },
          ],
        },
      },
      required: ['list', 'one'],
    });
  });

  it('[G-26] any JSON is an object, without every value there is', () => {
    assert.deepEqual(shown(z.object({ data: jsonObjectSchema })), {
      type: 'object',
      properties: { data: { type: 'object' } },
      required: ['data'],
    });
  });

  it('[G-26] keeps what tells a caller something: names like keywords, bounds, choices, values of a map', () => {
    const schema = z.object({
      minimum: z.number().int().min(1).max(100),
      status: z.enum(['a', 'b']).optional(),
      sizes: z.record(z.string(), z.number()).optional(),
      name: z.string().max(64).optional(),
    });
    assert.deepEqual(shown(schema), {
      type: 'object',
      properties: {
        minimum: { type: 'integer', minimum: 1, maximum: 100 },
        status: { type: 'string', enum: ['a', 'b'] },
        sizes: { type: 'object', additionalProperties: { type: 'number' } },
        name: { type: 'string', maxLength: 64 },
      },
      required: ['minimum'],
    });
  });

  it('[G-26] of an answer, says what there is and not what every answer shows', () => {
    const output = leanSchema(
      z.object({
        id: z.string(),
        state: z.enum(['a', 'b']).describe('How it stands'),
        ended_at: z.string().nullable(),
        code: z.number().nullable().describe(''),
        note: z.string().optional(),
        count: z.number().int(),
        list: z.array(z.object({ name: z.string() })),
      }),
      'output',
    );
    assert.deepEqual(output, {
      type: 'object',
      properties: {
        id: { type: 'string' },
        state: { type: 'string', description: 'How it stands' },
        code: { anyOf: [{ type: 'number' }, { type: 'null' }] },
        count: { type: 'integer' },
        list: { type: 'array' },
      },
    });
  });

  it('[G-26] what another tool tells is told there', () => {
    const when = z.object({ at: z.string() }).meta({ see: 'create_schedule' });
    assert.deepEqual(shown(z.object({ when: when.optional() })), {
      type: 'object',
      properties: { when: { type: 'object', description: 'As in create_schedule' } },
    });
  });
});
