import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ApprovalView } from '#schema/views/approval.ts';
import type { BoardView, RuntimeStatus } from '../cards/board.ts';
import { summarize } from './summary.ts';

const status: RuntimeStatus = {
  state: 'running',
  problem: null,
  kill_switch: false,
  preset: 'ask',
  waiting: 0,
  held: 0,
  executing: 0,
  head_seq: 1,
  agents: { total: 0, not_gated: 0 },
  windows: 1,
  clients: 1,
  deciders: 1,
  scheduler: {
    state: 'leader',
    fencing: 1,
    instance_id: null,
    pid: null,
    started_at: null,
    heartbeat_at: null,
    lease_expires_at: null,
  },
};
const card = (state: ApprovalView['status']) => ({ status: state }) as ApprovalView;
const connected = { kind: 'connected', detail: null } as const;
const show = (view: Partial<BoardView>) => summarize(connected, { cards: [], status, ...view });

describe('the status bar', () => {
  it('[A-86] [G-38] counts what waits, and calls what is held held', () => {
    assert.equal(show({}).text, '$(shield) Hob');
    const two = show({ cards: [card('pending'), card('pending'), card('held')] });
    assert.equal(two.text, '$(bell-dot) Hob: 2 waiting');
    assert.equal(two.severity, 'warning');
    assert.match(two.tooltip, /2 calls wait for your answer\n\n1 held/);
    assert.equal(show({ cards: [card('held')] }).text, '$(shield) Hob: 1 held');
  });

  it('[A-86] shows kill switch, pause and a broken store before everything else', () => {
    const cards = [card('pending')];
    const killed = show({ cards, status: { ...status, kill_switch: true } });
    assert.match(killed.text, /kill switch on/);
    assert.match(show({ status: { ...status, state: 'stopped' } }).text, /paused/);
    const broken = show({ cards, status: { ...status, state: 'degraded', problem: 'Disk full.' } });
    assert.deepEqual([broken.severity, broken.tooltip], ['error', 'Disk full.']);
  });

  it('[A-85] makes a host that does not start or is of another version visible', () => {
    const view = { cards: [], status: null };
    assert.equal(summarize({ kind: 'fatal', detail: 'No.' }, view).tooltip, 'No.');
    assert.match(summarize({ kind: 'incompatible', detail: null }, view).text, /other version/);
    assert.match(summarize({ kind: 'reconnecting', detail: null }, view).text, /sync/);
  });
});
