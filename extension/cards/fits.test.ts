import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ActionCall } from '#schema/views/action-call.ts';
import { fitsOnOneLine } from './fits.ts';

const command = (...argv: string[]): ActionCall => ({
  action: 'command.run',
  tool: 'run_command',
  argv,
  arguments: {},
});
const fits = (call: ActionCall, danger = false): boolean => fitsOnOneLine({ call, danger });

describe('what may be approved away from its card', () => {
  it('[G-38] a short call, whole and as it is', () => {
    assert.equal(fits(command('npm', 'test')), true);
    assert.equal(fits(command('git', 'commit', '-m', 'two words')), true);
  });

  it('never what is dangerous or lets another editor decide', () => {
    assert.equal(fits(command('npm', 'test'), true), false);
    assert.equal(fits({ ...command('x'), action: 'decider.enroll' }), false);
  });

  it('never what would be cut, wrapped or shown as something else', () => {
    assert.equal(fits(command('echo', 'x'.repeat(100))), false);
    assert.equal(fits(command('echo', 'a\nb')), false);
    assert.equal(fits(command('echo', `a${' '.repeat(60)}b`)), false);
    assert.equal(fits(command('echo', 'txt.\u202Eexe')), false);
    const tool: ActionCall = { action: 'mcp.call', tool: 'x', arguments: { deep: true } };
    assert.equal(fits(tool), false);
  });
});
