import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { nextTryMs } from './backoff.ts';
import { withoutExpressions } from './check-schema.ts';
import { admitted, definitionOf, pinText } from './definition.ts';
import { serverEnvironment } from './environment.ts';
import { limitAnswer, RESULT_BYTES } from './result.ts';

const raw = (name: string, more: object = {}) => ({
  name,
  inputSchema: { type: 'object' },
  ...more,
});

describe('what is taken of a server', () => {
  it('[X-07] no tool without a callable name or a schema, no name twice, at most 64', () => {
    for (const wrong of [
      null,
      3,
      {},
      raw(''),
      raw('a b'),
      raw('ａ'),
      raw('x'.repeat(91)),
      { name: 'a' },
    ])
      assert.equal(definitionOf(wrong), null, JSON.stringify(wrong));
    const { definitions, left_out } = admitted([
      raw('a'),
      raw('b'),
      raw('a', { description: 'other' }),
      raw('big', { description: 'x'.repeat(40_000) }),
      ...Array.from({ length: 100 }, (_, i) => raw(`t${i}`)),
    ]);
    assert.equal(definitions.length, 64);
    assert.equal(left_out, 104 - 64);
    assert.ok(!definitions.some(({ name }) => name === 'a' || name === 'big'));
  });

  it('[X-06] every word of a tool is in its pin, and the order of its keys is not', () => {
    const text = (tool: unknown) => {
      const definition = definitionOf(tool);
      assert.ok(definition !== null);
      return pinText(definition);
    };
    const base = raw('a', { title: 't', description: 'd', annotations: { readOnlyHint: true } });
    const changes = [
      { title: 'u' },
      { description: 'd ' },
      { annotations: { readOnlyHint: false } },
      { inputSchema: { type: 'object', properties: {} } },
      { outputSchema: { type: 'object' } },
    ];
    const texts = [base, ...changes.map((change) => ({ ...base, ...change }))].map(text);
    assert.equal(new Set(texts).size, texts.length);
    const { name, ...rest } = base;
    assert.equal(text({ ...rest, name }), text(base));
    assert.equal(text({ ...base, _meta: { x: 1 } }), text(base));
  });

  it('[X-04] an answer is kept whole up to 100 KB, and cut between characters beyond', () => {
    const answer = (text: string) => ({
      content: [{ type: 'text', text }],
      structured: { a: 1 },
      is_error: false,
    });
    const small = limitAnswer(answer('é'.repeat(1_000)));
    assert.equal(small.whole, null);
    assert.equal(small.result['truncated'], false);
    for (const text of ['é'.repeat(100_000), '\u0001'.repeat(60_000), 'x'.repeat(4_000_000)]) {
      const { result, whole } = limitAnswer(answer(text));
      assert.ok(Buffer.byteLength(JSON.stringify(result)) <= RESULT_BYTES);
      assert.ok(!JSON.stringify(result).includes('\uFFFD'));
      assert.equal(result['truncated'], true);
      assert.ok(whole?.includes(JSON.stringify(text)));
    }
    const image = limitAnswer({
      content: [{ type: 'image', data: 'A'.repeat(200_000) }],
      structured: null,
      is_error: false,
    });
    assert.match(JSON.stringify(image.result['content']), /\[image of \d+ bytes, left out\]/);
  });

  it('[X-05] waits longer after each failure, and not for ever', () => {
    assert.deepEqual([1, 2, 3, 4, 5, 6].map(nextTryMs), [1_000, 2_000, 4_000, 8_000, 16_000, null]);
  });

  it('[X-03] no regular expression of a server is obeyed, and a property may be called like one', () => {
    assert.deepEqual(
      withoutExpressions({
        type: 'object',
        properties: { pattern: { type: 'string', pattern: '(a+)+$' }, format: { format: 'x' } },
        patternProperties: { '(a+)+$': {} },
        anyOf: [{ pattern: 'x', minLength: 1 }],
        enum: [{ pattern: 'kept' }],
      }),
      {
        type: 'object',
        properties: { pattern: { type: 'string' }, format: {} },
        anyOf: [{ minLength: 1 }],
        enum: [{ pattern: 'kept' }],
      },
    );
  });

  it('[X-08] passes on what is named and nothing of Hob or the editor', () => {
    const from = {
      PATH: '/bin',
      HOME: '/home/me',
      NAMED: '1',
      OTHER: '2',
      HOB_X: '3',
      VSCODE_Y: '4',
    };
    const named = ['NAMED', 'HOB_X', 'VSCODE_Y', 'MISSING'];
    assert.deepEqual(serverEnvironment(from, named, { KEY: 'k' }, true), {
      PATH: '/bin',
      NAMED: '1',
      HOME: '/tmp/home',
      TMPDIR: '/tmp',
      KEY: 'k',
    });
    assert.equal(serverEnvironment(from, [], {}, false)['HOME'], '/home/me');
  });
});
