import * as z from 'zod';
import { registry } from '../../schema/commands/registry.ts';
import { eventSchema, requestSchema, responseSchema } from '../../schema/envelope/envelope.ts';
import { domainEvents } from '../../schema/events/domain-events.ts';
import { wireEvents } from '../../schema/events/runtime-events.ts';
import {
  authSchema,
  challengeSchema,
  helloSchema,
  refusedSchema,
  welcomeSchema,
} from '../../schema/wire/handshake-frames.ts';

/** A JSON Schema of an object, as far as it is looked into here. */
export interface Shape {
  required?: string[];
  properties?: Record<string, Shape & { type?: string; description?: string; default?: unknown }>;
  [more: string]: unknown;
}

type Row = (typeof registry)[number];

/** `input`: what a client may send; `output`: what the host sends. Refinements have no JSON Schema form. */
function shapeOf(schema: z.ZodType, io: 'input' | 'output'): Shape {
  const { $schema: _same, ...shape } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
  }) as Shape;
  return shape;
}

export const payloadSchema = (row: Row): Shape => shapeOf(row.payload, 'input');
export const resultSchema = (row: Row): Shape => shapeOf(row.result, 'output');

const shapesOf = (
  schemas: Record<string, z.ZodType>,
  io: 'input' | 'output',
): Record<string, Shape> =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, shapeOf(schema, io)]));

/** The whole contract as JSON Schema: one entry a message, each complete in itself. */
export const contractSchema = () => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Hob contract v1',
  description:
    'Generated from schema/ by npm run docs. Each entry below is a JSON Schema of its own.',
  handshake: {
    ...shapesOf({ hello: helloSchema, auth: authSchema }, 'input'),
    ...shapesOf(
      { challenge: challengeSchema, welcome: welcomeSchema, refused: refusedSchema },
      'output',
    ),
  },
  envelope: {
    ...shapesOf({ request: requestSchema }, 'input'),
    ...shapesOf({ response: responseSchema, event: eventSchema }, 'output'),
  },
  commands: Object.fromEntries(
    registry.map((row) => [
      row.name,
      {
        summary: row.summary,
        roles: row.roles,
        action: row.action,
        idempotent: row.idempotent,
        since: row.since,
        payload: payloadSchema(row),
        result: resultSchema(row),
      },
    ]),
  ),
  events: shapesOf(wireEvents, 'output'),
  stored_events: shapesOf(domainEvents, 'output'),
});
