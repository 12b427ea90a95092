import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { FormField, FormInput } from '#schema/views/form-field.ts';
import { formAnswer } from './form-answer.ts';

const field = (name: string, input: FormInput, required = false): FormField => ({
  name,
  label: name,
  hint: null,
  required,
  input,
});
const text = (over: Partial<Extract<FormInput, { type: 'text' }>> = {}): FormInput => ({
  type: 'text',
  format: null,
  min_length: null,
  max_length: null,
  initial: null,
  ...over,
});
const number = (over: Partial<Extract<FormInput, { type: 'number' }>> = {}): FormInput => ({
  type: 'number',
  integer: false,
  minimum: null,
  maximum: null,
  initial: null,
  ...over,
});
const options = ['a', 'b', 'c'].map((value) => ({ value, title: value.toUpperCase() }));
const one: FormInput = {
  type: 'choice',
  options,
  many: false,
  min: null,
  max: null,
  initial: ['b'],
};
const many: FormInput = { type: 'choice', options, many: true, min: 1, max: 2, initial: null };
const problemOf = (input: FormInput, value: unknown): string | null => {
  const answer = formAnswer([field('x', input)], { x: value as never });
  return 'problem' in answer ? answer.problem : null;
};

describe('the answer to a form', () => {
  it('[X-14] takes what stood there for what is missing, and nothing for what was emptied', () => {
    const fields = [
      field('name', text({ initial: 'Ann' })),
      field('age', number({ initial: 30, integer: true })),
      field('one', one),
      field('yes', { type: 'tick', initial: true }),
      field('note', text()),
    ];
    assert.deepEqual(formAnswer(fields, {}), {
      content: { name: 'Ann', age: 30, one: 'b', yes: true },
      text: 'name: Ann · age: 30 · one: B · yes: yes',
    });
    assert.deepEqual(formAnswer(fields, { name: null, age: 31, one: 'c', yes: false }), {
      content: { age: 31, one: 'c', yes: false },
      text: 'age: 31 · one: C · yes: no',
    });
  });

  it('[X-14] says what is wrong with the first field that is', () => {
    const needed = [field('name', text(), true)];
    for (const given of [{}, { name: null }])
      assert.deepEqual(formAnswer(needed, given), { problem: 'Fill in "name".' });
    assert.match(JSON.stringify(formAnswer(needed, { other: 1 })), /no field \\"other\\"/);
    const wrong: [FormInput, unknown, RegExp][] = [
      [text(), 1, /has to be text/],
      [text({ min_length: 2 }), '😀', /needs 2 characters/],
      [text({ max_length: 1 }), 'ab', /takes 1 characters/],
      [text({ format: 'email' }), 'ann', /e-mail address/],
      [text({ format: 'uri' }), 'x', /address/],
      [text({ format: 'date' }), '2026-02-31', /a date/],
      [text({ format: 'date-time' }), '2026-02-01', /date with a time/],
      [number(), 'x', /a number/],
      [number({ integer: true }), 1.5, /whole number/],
      [number({ minimum: 1 }), 0, /1 at least/],
      [number({ maximum: 1 }), 2, /1 at most/],
      [{ type: 'tick', initial: null }, 'yes', /ticked or not/],
      [one, 'd', /one of its choices/],
      [one, ['a'], /one of its choices/],
      [many, 'a', /one of its choices/],
      [many, ['a', 'a'], /each choice once/],
      [many, [], /1 choices at least/],
      [many, ['a', 'b', 'c'], /2 choices at most/],
    ];
    for (const [input, value, words] of wrong) assert.match(problemOf(input, value) ?? '', words);
    const right: [FormInput, unknown][] = [
      [text({ max_length: 1 }), '😀'],
      [text({ format: 'email' }), 'ann@example.org'],
      [text({ format: 'uri' }), 'https://example.org'],
      [text({ format: 'date' }), '2028-02-29'],
      [text({ format: 'date-time' }), '2026-02-01T10:00:00+01:00'],
      [number({ minimum: 0, maximum: 0 }), 0],
      [many, ['c', 'a']],
    ];
    for (const [input, value] of right) assert.equal(problemOf(input, value), null);
  });
});
