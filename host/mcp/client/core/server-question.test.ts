import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { JsonObject } from '#schema/envelope/json.ts';
import { pageOf } from '../page.ts';
import { readQuestion as read } from './server-question.ts';

const readQuestion = (params: unknown) => read(params, pageOf);

const form = (properties: JsonObject, required: string[] = []) =>
  readQuestion({ message: 'Well?', requestedSchema: { type: 'object', properties, required } });
const inputOf = (property: JsonObject) => {
  const asked = form({ x: property });
  return asked.kind === 'form' ? asked.fields[0]?.input : asked;
};
const whyNot = (params: unknown): string => {
  const asked = readQuestion(params);
  return asked.kind === 'refused' ? asked.why : `it is put: ${JSON.stringify(asked)}`;
};

describe('what a server asks', () => {
  it('[X-14] is read in each way that choices are written in (SEP-1330)', () => {
    const plain = { options: ['a', 'b'].map((value) => ({ value, title: value })) };
    const titled = {
      options: [
        { value: 'a', title: 'An A' },
        { value: 'b', title: 'A B' },
      ],
    };
    const single = { type: 'choice', many: false, min: null, max: null, initial: null };
    const titles = [
      { const: 'a', title: 'An A' },
      { const: 'b', title: 'A B' },
    ];
    assert.deepEqual(inputOf({ type: 'string', enum: ['a', 'b'], default: 'c' }), {
      ...single,
      ...plain,
    });
    assert.deepEqual(inputOf({ type: 'string', oneOf: titles, default: 'b' }), {
      ...single,
      ...titled,
      initial: ['b'],
    });
    assert.deepEqual(inputOf({ type: 'string', enum: ['a', 'b'], enumNames: ['An A', 'A B'] }), {
      ...single,
      ...titled,
    });
    const many = { ...single, many: true, min: 1, max: 2 };
    const sizes = { minItems: 1, maxItems: 2 };
    assert.deepEqual(
      inputOf({
        type: 'array',
        items: { type: 'string', enum: ['a', 'b'] },
        ...sizes,
        default: ['a'],
      }),
      { ...many, ...plain, initial: ['a'] },
    );
    assert.deepEqual(inputOf({ type: 'array', items: { anyOf: titles }, ...sizes }), {
      ...many,
      ...titled,
    });
  });

  it('[X-14] has a field for each kind, with what it stands at', () => {
    const asked = form(
      {
        name: {
          type: 'string',
          title: 'Name',
          description: 'Yours',
          minLength: 1,
          maxLength: 9,
          default: 'Ann',
          pattern: '(a+)+',
        },
        mail: { type: 'string', format: 'email' },
        age: { type: 'integer', minimum: 18, default: 30 },
        score: { type: 'number', maximum: 1 },
        sure: { type: 'boolean', default: false },
      },
      ['name'],
    );
    assert.equal(asked.kind, 'form');
    assert.deepEqual(asked.kind === 'form' && asked.fields, [
      {
        name: 'name',
        label: 'Name',
        hint: 'Yours',
        required: true,
        input: { type: 'text', format: null, min_length: 1, max_length: 9, initial: 'Ann' },
      },
      {
        name: 'mail',
        label: 'mail',
        hint: null,
        required: false,
        input: { type: 'text', format: 'email', min_length: null, max_length: null, initial: null },
      },
      {
        name: 'age',
        label: 'age',
        hint: null,
        required: false,
        input: { type: 'number', integer: true, minimum: 18, maximum: null, initial: 30 },
      },
      {
        name: 'score',
        label: 'score',
        hint: null,
        required: false,
        input: { type: 'number', integer: false, minimum: null, maximum: 1, initial: null },
      },
      {
        name: 'sure',
        label: 'sure',
        hint: null,
        required: false,
        input: { type: 'tick', initial: false },
      },
    ]);
  });

  it('[X-14] is not put when it could not be shown whole, or is none', () => {
    const many = Object.fromEntries(
      Array.from({ length: 33 }, (_, n) => [`f${n}`, { type: 'boolean' }]),
    );
    const schema = (properties: JsonObject) => ({
      message: 'Well?',
      requestedSchema: { type: 'object', properties },
    });
    for (const [params, words] of [
      [null, /no question/],
      [{ requestedSchema: {} }, /says nothing/],
      [{ message: 'x'.repeat(2_001), requestedSchema: {} }, /2000 characters/],
      [{ message: 'Well?' }, /has no form/],
      [{ message: 'Well?', mode: 'other' }, /mode/],
      [schema(many), /more than 32 fields/],
      [schema({ x: { type: 'object', properties: {} } }), /cannot ask for "x"/],
      [schema({ x: { type: 'array', items: { type: 'string' } } }), /cannot ask for "x"/],
      [schema({ x: { type: 'string', enum: ['a', 1] } }), /cannot ask for "x"/],
      [
        schema({ x: { type: 'string', enum: Array.from({ length: 101 }, String) } }),
        /cannot ask for "x"/,
      ],
      [schema({ x: { type: 'string', description: 'x'.repeat(501) } }), /cannot ask for "x"/],
      [schema({ x: { type: 'string', default: 'x'.repeat(33_000) } }), /form is longer than 32768/],
      [
        schema({ x: { type: 'string', enum: ['a', 'b'.repeat(33_000)] } }),
        /form is longer than 32768/,
      ],
    ] as const)
      assert.match(whyNot(params), words);
  });

  it('[X-14] is not put when a field of it asks for a secret', () => {
    for (const property of [
      { password: { type: 'string' } },
      { apiKey: { type: 'string' } },
      { github_token: { type: 'string' } },
      { value: { type: 'string', title: 'Your PIN' } },
      { value: { type: 'string', description: 'The client secret of the app' } },
      { cardNumber: { type: 'string' } },
    ])
      assert.match(
        whyNot({ message: 'Well?', requestedSchema: { type: 'object', properties: property } }),
        /is a secret/,
      );
    const fine = {
      tokens: { type: 'integer' },
      keyboard: { type: 'string' },
      shipping: { type: 'string' },
      monkey: { type: 'string' },
    };
    assert.equal(form(fine).kind, 'form');
  });

  it('[X-14] may name a page: https, or this machine, and without a name or password in it', () => {
    const page = (url: unknown) => ({ mode: 'url', message: 'Look', url, elicitationId: 'e1' });
    assert.deepEqual(readQuestion(page('https://example.org/a?b=c')), {
      kind: 'link',
      question: 'Look',
      url: 'https://example.org/a?b=c',
    });
    assert.equal(readQuestion(page('http://localhost:3000/x')).kind, 'link');
    for (const [url, words] of [
      ['http://example.org', /https/],
      ['javascript:alert(1)', /https/],
      ['file:///etc/passwd', /https/],
      ['https://me:word@example.org', /name or a password/],
      ['nowhere', /no page/],
      [undefined, /no page/],
    ] as const)
      assert.match(whyNot(page(url)), words);
  });
});
