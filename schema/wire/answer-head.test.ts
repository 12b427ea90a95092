import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { answerHead, withIdFirst } from './answer-head.ts';

describe('answerHead', () => {
  const head = (message: Parameters<typeof withIdFirst>[0]): unknown =>
    answerHead(Buffer.from(JSON.stringify(withIdFirst(message))));

  it('says what an answer answers, whatever the order of its fields was', () => {
    const result = { content: [{ text: '"id":7' }] };
    for (const id of [0, -3, 2 ** 53 - 1, 'a', 'quote " and \\ and é\n', ''])
      assert.deepEqual(head({ result, id, jsonrpc: '2.0' }), { jsonrpc: '2.0', id, result: null });
    assert.deepEqual(head({ error: { code: 1 }, jsonrpc: '2.0', id: 1 }), {
      jsonrpc: '2.0',
      id: 1,
      error: null,
    });
  });

  it('leaves everything else to the parser', () => {
    assert.equal(head({ jsonrpc: '2.0', method: 'ping', id: 1 }), null);
    assert.equal(head({ jsonrpc: '2.0', method: 'notifications/progress' }), null);
    assert.equal(head({ jsonrpc: '2.0', id: null, error: {} }), null);
    assert.equal(head({ jsonrpc: '2.0', id: 1.5, result: {} }), null);
    assert.equal(head({ jsonrpc: '2.0', id: '\u0000', result: {} }), null);
    assert.equal(answerHead(Buffer.from('{"result":{},"jsonrpc":"2.0","id":1}')), null);
  });
});
