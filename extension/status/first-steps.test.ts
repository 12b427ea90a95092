import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { event, id } from '../../test/fixtures/panel/builders.ts';
import { stepOf, stepsDone } from './first-steps.ts';

describe('the steps of the walkthrough', () => {
  it('[W-24] are done when they were done before, wherever that was', async () => {
    const spoke = event(7, 0, {
      type: 'turn.answered',
      data: { turn_id: id('turn', 1), text: 'Nothing.', run_id: null, event_seqs: [] },
    });
    const request = async (
      _command: string,
      { event_type, limit }: { event_type?: string[] | undefined; limit?: number | undefined },
    ) => {
      assert.equal(limit, 1, 'a long record is not read for a tick');
      const events = [spoke].filter((one) => event_type?.includes(one.event_type));
      return { events, head_seq: 7 };
    };
    assert.deepEqual(await stepsDone(request), ['hob.hasSpoken']);
    assert.equal(stepOf('approval.decided'), 'hob.hasAnswered');
    assert.equal(stepOf('run.started'), undefined);
  });
});
