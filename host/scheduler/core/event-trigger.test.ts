import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { HobError } from '#host/kernel/errors.ts';
import { causeOf, comesAfter, originOf, requireEvent, type EventTrigger } from './event-trigger.ts';

const trigger = (event_type: string, where: EventTrigger['where'] = {}): EventTrigger => ({
  kind: 'event',
  event_type,
  where,
  delay_seconds: 0,
});
const event = (
  event_type: string,
  data: Record<string, unknown> | null,
  correlation_id = 'x',
): StoredEvent => ({ event_type, data, correlation_id }) as unknown as StoredEvent;
const refusal = (wanted: EventTrigger): string => {
  try {
    requireEvent(wanted);
    return 'accepted';
  } catch (error) {
    assert.ok(error instanceof HobError);
    return `${error.code}: ${error.message}`;
  }
};

describe('what a task comes after', () => {
  it('[S-20] is an event of its type whose fields have the values that are asked for', () => {
    const failed = event('run.failed', { run_id: 'r', error: { code: 'timeout' }, result: null });
    assert.equal(comesAfter(trigger('run.failed'), failed), true);
    assert.equal(comesAfter(trigger('run.succeeded'), failed), false);
    assert.equal(comesAfter(trigger('run.failed', { 'error.code': 'timeout' }), failed), true);
    assert.equal(comesAfter(trigger('run.failed', { 'error.code': 'other' }), failed), false);
    assert.equal(comesAfter(trigger('run.failed', { result: null }), failed), true);
    assert.equal(comesAfter(trigger('run.failed', { 'result.code': null }), failed), false);
    assert.equal(comesAfter(trigger('run.failed', { 'error.toString': null }), failed), false);
  });

  it('[S-20] is nothing that was erased, where a value is asked for', () => {
    const erased = event('run.failed', null);
    assert.equal(comesAfter(trigger('run.failed'), erased), true);
    assert.equal(comesAfter(trigger('run.failed', { result: null }), erased), false);
  });

  it('[S-11] names the events and the fields that there are', () => {
    assert.equal(refusal(trigger('run.failed', { 'error.code': 'x' })), 'accepted');
    assert.match(refusal(trigger('run.faild')), /^invalid_schedule: .*run\.failed/);
    assert.match(refusal(trigger('nothing')), /^invalid_schedule: .*begin with.*run\./);
    assert.match(
      refusal(trigger('run.failed', { eror: 'x' })),
      /^invalid_schedule: .*no field "eror"; it has run_id, error, result/,
    );
    assert.match(refusal(trigger('toString')), /^invalid_schedule/);
  });

  it('[S-20] tells which task made an event, and what that came after', () => {
    const key = 'task_A/2026-01-01T00:00:00.000Z/1/e12';
    assert.equal(originOf(event('run.failed', {})), null);
    assert.deepEqual(originOf(event('run.failed', {}, key)), { task_id: 'task_A', cause_seq: 12 });
    assert.deepEqual(originOf(event('scheduler.task_result', { run_key: key }, 'task_A')), {
      task_id: 'task_A',
      cause_seq: 12,
    });
    assert.deepEqual(originOf(event('task.paused', {}, 'task_A')), {
      task_id: 'task_A',
      cause_seq: null,
    });
    assert.equal(causeOf('task_A/2026-01-01T00:00:00.000Z/1'), null);
  });
});
