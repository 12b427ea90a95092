import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { givenTwice } from './given-twice.ts';
import { hostTools } from './host-tools.ts';

describe('Hob in an mcp.json beside the extension', () => {
  const own = Object.keys(hostTools);
  const byHand = own.map((name) => name.replace(/^hob_/, 'mcp_hob_'));

  it('is seen by its functions, all of them under one name', () => {
    assert.deepEqual(givenTwice([...own, 'mcp_hob_run_command']), []);
    assert.deepEqual(givenTwice([...byHand, ...own]), ['mcp_hob_']);
    assert.deepEqual(givenTwice([...own, ...byHand.slice(1), 'mcp_other_ask_user']), []);
  });
});
