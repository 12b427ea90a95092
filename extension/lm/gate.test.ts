import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readRequest, told } from './gate.ts';

const answer = { run_id: null, approval_id: null, reason_code: 'x', reason: 'It reads outside.' };

describe('a look of an editor model', () => {
  it('[G-90] is asked for with every file that it is about, once, else with the folder', () => {
    const { call } = readRequest('hob_read_selection', ['/w/a', '/w/a', '/x'], { a: 1 }, '/w');
    assert.deepEqual(call, {
      action: 'fs.read',
      tool: 'hob_read_selection',
      paths: ['/w/a', '/x'],
      cwd: '/w',
      arguments: { a: 1 },
    });
    assert.deepEqual(readRequest('t', [], {}, '/w').call.paths, ['/w']);
  });

  it('[G-90] tells what was seen after a yes only', () => {
    const seen = { secret: 1 };
    assert.equal(told({ ...answer, decision: 'allow' }, seen), '{"secret":1}');
    for (const decision of ['deny', 'pending'] as const)
      assert.doesNotMatch(told({ ...answer, decision }, seen), /secret/);
    assert.match(told({ ...answer, decision: 'deny' }, seen), /It reads outside\./);
  });
});
