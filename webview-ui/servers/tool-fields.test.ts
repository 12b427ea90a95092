import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { JsonObject } from '#schema/envelope/json.ts';
import { argumentsIn, argumentsOf, fieldsOf, initialValues, WHOLE } from './tool-fields.ts';

const schema: JsonObject = {
  type: 'object',
  required: ['path', 'count', 'sure'],
  properties: {
    path: { type: 'string', title: 'Path', description: 'Of the file.' },
    count: { type: 'integer', default: 3 },
    factor: { type: ['number', 'null'] },
    sure: { type: 'boolean' },
    mode: { enum: ['fast', 'slow', 2], default: 'slow' },
    note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    tags: { type: 'array', items: { type: 'string' } },
    any: { anyOf: [{ type: 'string' }, { type: 'number' }] },
  },
};
const fields = fieldsOf(schema) ?? [];
const problemsOf = (values: Record<string, string>) => {
  const made = argumentsOf(fields, new Map(Object.entries(values)));
  return made.ok ? null : Object.fromEntries(made.problems);
};

describe('the fields of a tool', () => {
  it('[X-31] are made of its schema: text, numbers, choices, and JSON for the rest', () => {
    assert.deepEqual(
      fields.map(({ name, kind, required }) => [name, kind, required]),
      [
        ['path', 'text', true],
        ['count', 'integer', true],
        ['factor', 'number', false],
        ['sure', 'choice', true],
        ['mode', 'choice', false],
        ['note', 'text', false],
        ['tags', 'json', false],
        ['any', 'json', false],
      ],
    );
    assert.deepEqual(
      fields.filter(({ kind }) => kind === 'choice').map(({ options }) => options),
      [
        ['true', 'false'],
        ['"fast"', '"slow"', '2'],
      ],
    );
    assert.deepEqual([fields[0]?.label, fields[0]?.hint], ['Path', 'Of the file.']);
  });

  it('begin with what the schema gives', () => {
    const begun = [...initialValues(fields)].filter(([, text]) => text !== '');
    assert.deepEqual(begun, [
      ['count', '3'],
      ['mode', '"slow"'],
    ]);
  });

  it('[X-31] give the arguments that they say, and leave out what is empty', () => {
    const values = { path: ' a b ', count: '4', sure: 'false', mode: '2', tags: '["x"]' };
    assert.deepEqual(argumentsOf(fields, new Map(Object.entries(values))), {
      ok: true,
      value: { path: ' a b ', count: 4, sure: false, mode: 2, tags: ['x'] },
    });
  });

  it('[X-31] say what is wrong in words', () => {
    assert.deepEqual(
      problemsOf({ path: '', count: '1.5', sure: 'true', factor: 'many', tags: 'x' }),
      {
        path: 'Fill this in.',
        count: 'Write a whole number.',
        factor: 'Write a number.',
        tags: 'This is not JSON. Text needs quotation marks, for example "text" or ["a", "b"].',
      },
    );
  });

  it('leave a schema that is more than its properties to JSON', () => {
    assert.equal(fieldsOf({ type: 'object', oneOf: [{ required: ['a'] }] }), null);
    assert.equal(fieldsOf({ properties: [] }), null);
    assert.deepEqual(fieldsOf({ type: 'object' }), []);
  });

  it('take one JSON object for all of them', () => {
    assert.deepEqual(argumentsIn('{"a":[1]}'), { ok: true, value: { a: [1] } });
    assert.deepEqual(argumentsIn('  '), { ok: true, value: {} });
    for (const text of ['[1]', 'null', '{']) {
      const made = argumentsIn(text);
      assert.deepEqual(made.ok ? null : [...made.problems.keys()], [WHOLE], text);
    }
  });

  it('keep a field of any name to itself', () => {
    const odd =
      fieldsOf(JSON.parse('{"properties":{"__proto__":{"type":"string"}}}') as JsonObject) ?? [];
    const made = argumentsOf(odd, new Map([['__proto__', 'x']]));
    assert.equal(JSON.stringify(made), '{"ok":true,"value":{"__proto__":"x"}}');
  });
});
