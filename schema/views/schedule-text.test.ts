import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { actionText, momentText, PLAIN_REMINDER, triggerText } from './schedule-text.ts';

describe('schedules in words', () => {
  for (const [expression, words] of [
    ['0 9 * * 1-5', 'Every weekday at 09:00'],
    ['30 17 * * 1,4', 'Every Monday and Thursday at 17:30'],
    ['0 9,17 * * *', 'Every day at 09:00 and 17:00'],
    ['0 12 L * *', 'On the last day of every month at 12:00'],
    ['0 12 1,15 * *', 'On the 1st and 15th of every month at 12:00'],
    ['0 9 * * 1#1', 'On the 1st Monday of every month at 09:00'],
    ['0 17 * * 5#L', 'On the last Friday of every month at 17:00'],
    ['*/15 9-16 * * *', 'Every 15 minutes from 09:00 until before 17:00'],
    ['*/15 9-16 * * 1-5', 'Every 15 minutes from 09:00 until before 17:00, every weekday'],
    ['0 * * * *', 'Every hour on the hour'],
    ['0 0 29 2 *', 'By the expression 0 0 29 2 *'],
    ['0 0 1 * 1', 'By the expression 0 0 1 * 1'],
    ['*/5 * * * * *', 'By the expression */5 * * * * *'],
  ] as const)
    it(`says ${expression}`, () => {
      assert.equal(triggerText({ kind: 'cron', expression }, 'UTC'), words);
    });

  it('says spans and moments on the clock of the zone', () => {
    assert.equal(triggerText({ kind: 'interval', every_seconds: 7_200 }, 'UTC'), 'Every 2 hours');
    assert.equal(triggerText({ kind: 'interval', every_seconds: 60 }, 'UTC'), 'Every minute');
    assert.equal(
      momentText('2026-11-24T08:00:00.000Z', 'Europe/Berlin'),
      'Tue 24 Nov 2026 at 09:00',
    );
  });

  it('[S-01] says today and tomorrow to who says what time it is', () => {
    const said = (now: string): string =>
      triggerText(
        { kind: 'once', at: '2026-11-24T23:30:00.000Z' },
        'Europe/Berlin',
        Date.parse(now),
      );
    assert.equal(said('2026-11-24T23:10:00.000Z'), 'Today at 00:30');
    assert.equal(said('2026-11-24T22:50:00.000Z'), 'Tomorrow at 00:30');
    assert.equal(said('2026-11-23T22:50:00.000Z'), 'On Wed 25 Nov 2026 at 00:30');
    assert.equal(actionText({ kind: 'reminder', message: PLAIN_REMINDER }), 'remind you');
  });

  it('says what a schedule comes after', () => {
    const trigger = { kind: 'event', event_type: 'scheduler.task_result' } as const;
    const where = { name: 'fetch', outcome: 'failed' };
    assert.equal(
      triggerText({ ...trigger, where, delay_seconds: 0 }, 'UTC'),
      'After each scheduler.task_result with name fetch and outcome failed',
    );
    assert.equal(
      triggerText({ ...trigger, where: {}, delay_seconds: 120 }, 'UTC'),
      '2 minutes after each scheduler.task_result',
    );
    assert.equal(
      triggerText({ ...trigger, where: {}, delay_seconds: 60 }, 'UTC'),
      '1 minute after each scheduler.task_result',
    );
  });

  it('quotes a command so that two never look the same', () => {
    assert.equal(actionText({ kind: 'command', argv: ['echo', 'a b'] }), "echo 'a b'");
  });
});
