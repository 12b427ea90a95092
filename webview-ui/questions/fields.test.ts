import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { FormField } from '#schema/views/form-field.ts';
import { contentOf } from './fields.ts';

const age: FormField = {
  name: 'age',
  label: 'Age',
  hint: null,
  required: true,
  input: { type: 'number', integer: true, minimum: null, maximum: null, initial: 30 },
};

describe('what a form sends', () => {
  it('[X-14] a number as it was typed, nothing where nothing was, and what is none as it is', () => {
    for (const [typed, sent] of [
      ['7', 7],
      ['-0.5', -0.5],
      ['', null],
      // A space is no zero.
      [' ', null],
      ['seven', 'seven'],
    ] as const)
      assert.deepEqual(contentOf([age], { age: typed }), { age: sent });
  });
});
