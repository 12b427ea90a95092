import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { TaskTrigger } from '#schema/views/task.ts';
import { localTime, nextSlots, passedSlots, requireTrigger, requireZone } from './calendar.ts';
import { isQuiet, quietUntil } from './quiet-hours.ts';

const PARIS = 'Europe/Paris';
const cron = (expression: string): TaskTrigger => ({ kind: 'cron', expression });
const times = (trigger: TaskTrigger, from: string, count: number): string[] =>
  nextSlots(trigger, PARIS, Date.parse(from), Date.parse(from), count).map((at) =>
    new Date(at).toISOString().slice(5, 16),
  );
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'accepted';
};

describe('[S-10] what the clocks do to a task', () => {
  const spring = '2027-03-27T23:00:00Z';
  const autumn = '2026-10-24T22:00:00Z';

  it('runs at the first moment after the gap what falls into it, once', () => {
    assert.deepEqual(times(cron('30 2 * * *'), spring, 3), [
      '03-28T01:00',
      '03-29T00:30',
      '03-30T00:30',
    ]);
    assert.deepEqual(times(cron('0 3 * * *'), spring, 2), ['03-28T01:00', '03-29T01:00']);
  });

  it('leaves out what repeats within the gap', () => {
    assert.equal(times(cron('*/15 2 * * *'), spring, 1)[0], '03-29T00:00');
  });

  it('runs a fixed time once where the hour comes twice, the first time', () => {
    assert.deepEqual(times(cron('30 2 * * *'), autumn, 2), ['10-25T00:30', '10-26T01:30']);
  });

  it('goes on through both hours with what repeats', () => {
    assert.deepEqual(times(cron('*/30 * * * *'), autumn, 10).slice(3), [
      '10-25T00:00',
      '10-25T00:30',
      '10-25T01:00',
      '10-25T01:30',
      '10-25T02:00',
      '10-25T02:30',
      '10-25T03:00',
    ]);
  });

  it('counts an interval in elapsed time', () => {
    const every: TaskTrigger = { kind: 'interval', every_seconds: 6 * 3_600 };
    assert.deepEqual(times(every, autumn, 3), ['10-25T04:00', '10-25T10:00', '10-25T16:00']);
  });

  it('knows quiet hours over midnight, and when they are over', () => {
    const quiet = { from: '22:00', to: '07:00', due: 'delay' as const };
    const night = Date.parse('2026-10-25T00:30:00Z');
    assert.equal(isQuiet(quiet, PARIS, night), true);
    assert.equal(isQuiet(quiet, PARIS, Date.parse('2026-10-25T12:00:00Z')), false);
    assert.equal(localTime(quietUntil(quiet, PARIS, night), PARIS), '2026-10-25 07:00');
  });
});

describe('[S-11] times that cannot be', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  it('are refused with a code', () => {
    assert.equal(
      codeOf(() => requireTrigger(cron('61 * * * *'), 'UTC', now)),
      'invalid_schedule',
    );
    assert.equal(
      codeOf(() => requireTrigger(cron('0 9 * *'), 'UTC', now)),
      'invalid_schedule',
    );
    assert.equal(
      codeOf(() => requireTrigger(cron('0 0 30 2 *'), 'UTC', now)),
      'invalid_schedule',
    );
    assert.equal(
      codeOf(() => requireZone('Mars/Olympus')),
      'invalid_zone',
    );
    assert.equal(
      codeOf(() => requireZone('+02:00')),
      'invalid_zone',
    );
    const past: TaskTrigger = { kind: 'once', at: '2026-11-21T11:59:00.000Z' };
    assert.equal(
      codeOf(() => requireTrigger(past, 'UTC', now)),
      'time_in_past',
    );
  });

  it('[S-12] the last of many that passed are found without walking through all of them', () => {
    const every: TaskTrigger = { kind: 'interval', every_seconds: 1 };
    const from = now - 30 * 86_400_000;
    const passed = passedSlots(every, 'UTC', from, from + 1_000, now, 3);
    assert.deepEqual(passed, { last: [now - 2_000, now - 1_000, now], count: null });
    assert.deepEqual(passedSlots(every, 'UTC', from, now - 4_000, now, 2), {
      last: [now - 1_000, now],
      count: 5,
    });
  });
});
