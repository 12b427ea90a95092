import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { command, event, id, run } from '../../test/fixtures/panel/builders.ts';
import { evolveAgents, type AgentsMessage } from './evolve.ts';
import { initialAgents, type AgentsState } from './model.ts';

const AGENT = id('agent', 1);
const after = (...messages: AgentsMessage[]): AgentsState =>
  messages.reduce(evolveAgents, evolveAgents(initialAgents, { kind: 'open', agent_id: AGENT }));
const page = (from: number | null, ns: readonly number[], more: boolean): AgentsMessage => ({
  kind: 'deeds',
  agent_id: AGENT,
  from: from === null ? null : id('run', from),
  runs: ns.map((n) => run(n, command('ls'))),
  more,
});
const shown = ({ open }: AgentsState): [string, boolean | undefined] => [
  (open?.deeds ?? []).map(({ run_id }) => Number(run_id.slice(4))).join(' '),
  open?.more,
];

describe('what an agent did, page by page', () => {
  it('[G-65] older ones come behind', () =>
    assert.deepEqual(shown(after(page(null, [9, 8], true), page(8, [7, 6], true))), [
      '9 8 7 6',
      true,
    ]));

  it('[G-65] the newest ones, read again, leave the older ones', () =>
    assert.deepEqual(
      shown(after(page(null, [9, 8], true), page(8, [7, 6], false), page(null, [10, 9], true))),
      ['10 9 8 7 6', false],
    ));

  it('[G-65] more than a page of news leaves no hole in the list', () =>
    assert.deepEqual(shown(after(page(null, [3, 2], false), page(null, [9, 8], true))), [
      '9 8',
      true,
    ]));

  it('[G-65] all there is replaces all that was', () =>
    assert.deepEqual(shown(after(page(null, [9, 8], true), page(null, [9], false))), ['9', false]));

  it('[G-65] what answers an agent or a run that is folded by now is dropped', () => {
    const other = id('agent', 2);
    const moved = evolveAgents(after(), { kind: 'open', agent_id: other });
    assert.equal(evolveAgents(moved, page(null, [9], false)).open?.deeds, null);
    const events = [event(1, 0, { type: 'runtime.started', data: {} })];
    const read: AgentsMessage = { kind: 'events', run_id: id('run', 9), events };
    assert.equal(after({ kind: 'deed', run_id: id('run', 8) }, read).open?.deed?.events, null);
    assert.equal(after({ kind: 'deed', run_id: id('run', 9) }, read).open?.deed?.events, events);
  });
});
