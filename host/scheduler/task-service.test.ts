import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Principal } from '#schema/envelope/principal.ts';
import type { TaskTrigger } from '#schema/views/task.ts';
import { HobError } from '#host/kernel/errors.ts';
import { callerOf, draftOf, memoryTasks, person } from '../../test/fakes/memory-tasks.ts';
import type { TaskService } from './task-service.ts';

/** Instead of the thousands that a host allows. */
const limits = { ofAgent: 20, afterEvents: 30 };
const agent: Principal = { ...person, kind: 'agent', id: 'claimed:codex', role: 'agent' };
const weekly: TaskTrigger = { kind: 'cron', expression: '0 9 * * 1' };
const afterFailures: TaskTrigger = {
  kind: 'event',
  event_type: 'run.failed',
  where: {},
  delay_seconds: 0,
};

function newService(): {
  make: (maker: Principal, trigger: TaskTrigger) => Promise<string>;
  tasks: TaskService;
} {
  const { tasks } = memoryTasks(limits);
  return {
    tasks,
    async make(principal, trigger) {
      const caller = callerOf(principal);
      const draft = draftOf({ trigger });
      return (await tasks.create(tasks.plan(draft, caller), caller)).task_id;
    },
  };
}

const tooMany = (thrown: unknown): boolean =>
  thrown instanceof HobError && thrown.code === 'too_many_tasks' && !thrown.retryable;

describe('how many tasks there may be', () => {
  it('[S-26] an agent has so many and no more, and others are none the worse', async () => {
    const { make } = newService();
    for (let n = 0; n < limits.ofAgent; n += 1) await make(agent, weekly);
    await assert.rejects(make(agent, weekly), tooMany);
    await make({ ...agent, id: 'claimed:other' }, weekly);
    await make(person, weekly);
  });

  it('[S-26] so many come after events and no more, by an edit neither; a deleted one makes room', async () => {
    const { make, tasks } = newService();
    let last = '';
    for (let n = 0; n < limits.afterEvents; n += 1) last = await make(person, afterFailures);
    await assert.rejects(make(person, afterFailures), tooMany);
    const other = await make(person, weekly);
    const caller = {
      principal: person,
      workspace_id: 'ws_dev',
      correlation_id: 'x',
      causation_id: null,
    };
    await assert.rejects(tasks.update(other, { trigger: afterFailures }, 1, caller), tooMany);
    await tasks.update(last, { name: 'the same, edited' }, 1, caller);
    await tasks.delete(last, 'no use', caller);
    await make(person, afterFailures);
  });
});
