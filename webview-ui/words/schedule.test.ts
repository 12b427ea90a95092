import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { slots, tasks } from '../../test/fixtures/panel/schedules.ts';
import { dueText, slotsText, standing } from './schedule.ts';

/** Noon of a Friday on the clock of whoever runs this. */
const now = new Date(2026, 10, 20, 12, 0).getTime();
const later = (day: number, hour: number, minute = 0): string =>
  new Date(2026, 10, day, hour, minute).toISOString();

describe('words of schedules', () => {
  it('[F-45] say when something is due as short as it stays clear', () => {
    assert.equal(dueText(later(20, 11), now), 'now');
    assert.equal(dueText(later(20, 12, 20), now), 'in 20 min');
    assert.equal(dueText(later(20, 18, 30), now), 'at 18:30');
    assert.equal(dueText(later(21, 0), now), 'tomorrow 00:00');
    assert.equal(dueText(later(24, 9), now), 'Tue 09:00');
    assert.equal(dueText(new Date(2026, 11, 24, 9).toISOString(), now), '24 Dec');
  });

  it('[F-45] say where a schedule stands', () => {
    const [first, , paused] = tasks.tasks;
    assert.ok(first !== undefined && paused !== undefined);
    assert.equal(standing(paused, now), 'paused in the panel');
    assert.equal(standing({ ...first, status: 'done' }, now), 'done');
    assert.equal(standing({ ...first, next_due: null }, now), 'not due again');
  });

  it('[F-65] say how the last runs ended, for who cannot see the picture', () => {
    assert.equal(slotsText([]), 'It has not run yet');
    assert.equal(slotsText(slots), 'Last 30: 2 failed, 26 done, 1 skipped, 1 not allowed');
  });
});
