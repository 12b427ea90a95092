import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { VirtualClock, VirtualMachine } from '../../../test/fakes/virtual-time.ts';
import { SpokenQuestions } from './spoken-questions.ts';

describe('a question that was put aloud', () => {
  const world = () => {
    const machine = new VirtualMachine();
    const clock = new VirtualClock(machine);
    const closed: string[] = [];
    const questions = new SpokenQuestions(clock, ({ approval_id, reason }) =>
      closed.push(`${approval_id} ${reason}`),
    );
    const began = machine.uptime();
    const passed = (ms: number): void => {
      machine.advanceTo(began + ms);
      clock.fire();
    };
    return { questions, closed, passed };
  };

  it('[V-14] is over after 58 s, and a later answer counts all the same', () => {
    const { questions, closed, passed } = world();
    questions.asked('a', 'turn', 1);
    passed(57_999);
    assert.deepEqual([closed, questions.size], [[], 1]);
    passed(58_000);
    assert.deepEqual([closed, questions.size], [['a unanswered'], 0]);
    assert.deepEqual(questions.state('a'), { attempts: 0, closed: false });
  });

  it('[V-14] asked again, has 58 s from then on', () => {
    const { questions, closed, passed } = world();
    questions.asked('a', 'turn', 1);
    passed(50_000);
    questions.asked('a', 'turn', 2);
    passed(100_000);
    assert.deepEqual([closed, questions.state('a').attempts], [[], 2]);
    passed(108_000);
    assert.deepEqual(closed, ['a unanswered']);
  });

  it('[V-14] not understood, is left to the hand until the approval is settled', () => {
    const { questions, closed } = world();
    questions.asked('a', 'turn', 3);
    questions.close('a', 'ambiguous');
    assert.deepEqual(questions.state('a'), { attempts: 0, closed: true });
    questions.note([
      { event_type: 'approval.decided', stream: { stream_type: 'approval', stream_id: 'a' } },
    ] as unknown as StoredEvent[]);
    assert.deepEqual([closed, questions.state('a').closed], [['a ambiguous'], false]);
  });

  it('leaves no timer behind', () => {
    const { questions, closed, passed } = world();
    questions.asked('a', 'turn', 1);
    questions.dispose();
    passed(60_000);
    assert.deepEqual(closed, []);
  });
});
