import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { HobError } from '#host/kernel/errors.ts';
import { HandClock } from '../../../test/fakes/hand-clock.ts';
import type { PersonsAnswer, PersonsQuestion } from './ports.ts';
import { Questions } from './questions.ts';

const question = { message: 'Well?', requestedSchema: { type: 'object', properties: {} } };
const never = new AbortController().signal;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what a server asks in its calls', () => {
  /** Calls that end when they are told to, and questions that are answered when they are told to. */
  const world = () => {
    const clock = new HandClock();
    const refused: string[] = [];
    const put: { question: PersonsQuestion; gone: AbortSignal; answer(a: PersonsAnswer): void }[] =
      [];
    const questions = new Questions({
      clock,
      refused: (why) => void refused.push(why),
      ask(asked, gone) {
        const { promise, resolve } = Promise.withResolvers<PersonsAnswer>();
        put.push({ question: asked, gone, answer: resolve });
        return promise;
      },
    });
    const call = (runId: string, timeoutMs = 1_000) => {
      const { promise, resolve } = Promise.withResolvers<string>();
      const about = { runId, tool: 'echo', signal: never, timeoutMs };
      const ended = questions.during(about, (signal) => {
        const late = Promise.withResolvers<never>();
        signal.addEventListener('abort', () => late.reject(signal.reason as Error));
        return Promise.race([promise, late.promise]);
      });
      return { ended, end: () => resolve('done') };
    };
    return { clock, refused, put, questions, call };
  };
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(String, (failure: unknown) => (failure instanceof HobError ? failure.code : 'else'));

  it('[X-14] a call is as slow as its server, not as the person', async () => {
    const { clock, put, questions, call } = world();
    const { ended } = call('run-1');
    clock.move(900);
    const answered = questions.answer(question, never);
    clock.move(60_000);
    put[0]?.answer({ action: 'decline' });
    assert.deepEqual(await answered, { action: 'decline' });
    assert.deepEqual([put[0]?.question.run_id, put[0]?.question.tool], ['run-1', 'echo']);
    clock.move(99);
    await turn();
    const code = codeOf(ended);
    clock.move(1);
    assert.equal(await code, 'tool_timeout');
  });

  it('[X-14] lives as long as one of the calls that it may be of', async () => {
    const { put, questions, call } = world();
    const [first, second] = [call('run-1'), call('run-2')];
    void questions.answer(question, never);
    first.end();
    await first.ended;
    assert.equal(put[0]?.gone.aborted, false);
    second.end();
    await second.ended;
    assert.equal(put[0]?.gone.aborted, true);
    const third = call('run-3');
    const back = new AbortController();
    void questions.answer(question, back.signal);
    back.abort();
    assert.equal(put[1]?.gone.aborted, true, 'the server takes it back');
    third.end();
  });

  it('[X-14] is not put a ninth time in one call, without a call, or when it cannot be read', async () => {
    const { put, refused, questions, call } = world();
    assert.equal((await questions.answer(question, never)).action, 'cancel');
    const { end, ended } = call('run-1');
    assert.equal((await questions.answer({ message: '' }, never)).action, 'cancel');
    for (let n = 0; n < 8; n += 1) {
      const answered = questions.answer(question, never);
      put[n]?.answer({ action: 'accept', content: {} });
      assert.equal((await answered).action, 'accept');
    }
    assert.equal((await questions.answer(question, never)).action, 'cancel');
    assert.equal(put.length, 8);
    assert.deepEqual(refused, [
      'no tool of it was called',
      'it says nothing',
      'it asked 8 times in one call',
    ]);
    end();
    await ended;
  });
});
