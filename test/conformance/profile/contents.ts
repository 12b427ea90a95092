// Tools whose answers show every kind of content, progress, logging and failure.
import type { JsonObject } from '#schema/envelope/json.ts';
import { object, pause, said, text, type Fixture } from './fixture.ts';

/** In the environment of the host: this tool answers wrongly, so that a suite that looks at it has to fail. */
export const PLANTED_FAULT = 'HOB_TEST_PLANTED_FAULT';

/** One red pixel. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
/** No sample at all. */
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

export const image: JsonObject = { type: 'image', data: PNG, mimeType: 'image/png' };

export const contentFixtures: readonly Fixture[] = [
  {
    name: 'test_simple_text',
    description: 'Answers with a text.',
    run: () =>
      process.env[PLANTED_FAULT] === undefined
        ? said('This is a simple text response for testing.')
        : { content: [] },
  },
  {
    name: 'test_image_content',
    description: 'Answers with an image.',
    run: () => ({ content: [image] }),
  },
  {
    name: 'test_audio_content',
    description: 'Answers with a sound.',
    run: () => ({ content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] }),
  },
  {
    name: 'test_embedded_resource',
    description: 'Answers with a resource.',
    run: () => ({
      content: [
        {
          type: 'resource',
          resource: {
            uri: 'test://embedded-resource',
            mimeType: 'text/plain',
            text: 'This is an embedded resource content.',
          },
        },
      ],
    }),
  },
  {
    name: 'test_multiple_content_types',
    description: 'Answers with a text, an image and a resource.',
    run: () => ({
      content: [
        text('Multiple content types test:'),
        image,
        {
          type: 'resource',
          resource: {
            uri: 'test://mixed-content-resource',
            mimeType: 'application/json',
            text: JSON.stringify({ test: 'data', value: 123 }),
          },
        },
      ],
    }),
  },
  {
    name: 'test_error_handling',
    description: 'Always fails.',
    run: () => ({
      content: [text('This tool intentionally returns an error for testing')],
      isError: true,
    }),
  },
  {
    name: 'test_tool_with_progress',
    description: 'Tells how far it is.',
    async run(_args, { sdk: { mcpReq } }) {
      const { _meta: meta } = mcpReq;
      const token = meta?.progressToken;
      for (const progress of [0, 50, 100]) {
        if (progress > 0) await pause(50);
        if (token !== undefined)
          await mcpReq.notify({
            method: 'notifications/progress',
            params: { progressToken: token, progress, total: 100 },
          });
      }
      return said('Done.');
    },
  },
  {
    name: 'test_tool_with_logging',
    description: 'Logs what it does.',
    async run(_args, { sdk: { mcpReq } }) {
      await mcpReq.log('info', 'Tool execution started');
      await pause(50);
      await mcpReq.log('info', 'Tool processing data');
      await pause(50);
      await mcpReq.log('info', 'Tool execution completed');
      return said('Done.');
    },
  },
  {
    name: 'test_logging_tool',
    description: 'Logs where the request asks for it.',
    async run(_args, { sdk: { mcpReq } }) {
      await mcpReq.log('info', 'A line');
      return said('Done.');
    },
  },
  {
    name: 'json_schema_2020_12_tool',
    description: 'Tool with JSON Schema 2020-12 features',
    input: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: {
        address: {
          $anchor: 'addressDef',
          type: 'object',
          properties: { street: { type: 'string' }, city: { type: 'string' } },
        },
      },
      properties: {
        name: { type: 'string' },
        address: { $ref: '#/$defs/address' },
        contactMethod: { type: 'string', enum: ['phone', 'email'] },
        phone: { type: 'string' },
        email: { type: 'string' },
      },
      allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
      if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: { required: ['phone'] },
      else: { required: ['email'] },
      additionalProperties: false,
    },
    run: () => said('Done.'),
  },
  {
    name: 'test_custom_headers',
    description: 'Has an argument that a client over HTTP repeats in a header.',
    input: object({ region: { type: 'string', 'x-mcp-header': 'Region' } }, ['region']),
    run: ({ region }) => said(`Region: ${String(region)}`),
  },
];
