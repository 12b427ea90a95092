import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { HookQuestions } from './hook-questions.ts';

const open = () => new AbortController().signal;

/** Counts what reached the gate; the answer is given by hand. */
function gate() {
  const asked: {
    signal: AbortSignal;
    answer: (text: string) => void;
    fail: (error: Error) => void;
  }[] = [];
  const ask = (signal: AbortSignal) =>
    new Promise<string>((answer, fail) => asked.push({ signal, answer, fail }));
  return { asked, ask };
}

function questions(time = { ms: 0 }) {
  const clock = { now: () => 0, monotonic: () => time.ms, timer: () => () => {} };
  return new HookQuestions<string>({ clock, settles: (answer) => answer !== 'later' });
}

describe('one call seen twice', () => {
  it("[G-31] Codex's own prompt gets the answer its tool call got, also after it was given", async () => {
    const { asked, ask } = gate();
    const all = questions();
    const first = all.ask('q.a.1', 'codex', open(), ask);
    const meanwhile = all.ask('q.a', 'codex', open(), ask);
    asked[0]?.answer('yes');
    assert.deepEqual(await Promise.all([first, meanwhile, all.ask('q.a', 'codex', open(), ask)]), [
      'yes',
      'yes',
      'yes',
    ]);
    assert.equal(asked.length, 1);
  });

  it("[G-31] the prompt of a repeated command gets the repetition's answer", async () => {
    const { asked, ask } = gate();
    const all = questions();
    const first = all.ask('q.a.1', 'codex', open(), ask);
    asked[0]?.answer('yes');
    await first;
    const second = all.ask('q.a.2', 'codex', open(), ask);
    asked[1]?.answer('no');
    assert.equal(await second, 'no');
    assert.equal(await all.ask('q.a', 'codex', open(), ask), 'no');
  });

  it('[G-31] a prompt without a tool call before it is a question of its own', async () => {
    const { asked, ask } = gate();
    const all = questions();
    void all.ask('q.a', 'codex', open(), ask);
    void all.ask('q.b.1', 'codex', open(), ask);
    assert.equal(asked.length, 2);
  });

  it("[G-31] two agents' hooks on one call are one question, once", async () => {
    const { asked, ask } = gate();
    const all = questions();
    const first = all.ask('q.a.1', 'vscode', open(), ask);
    asked[0]?.answer('yes');
    await first;
    assert.equal(await all.ask('q.a.1', 'claude-code', open(), ask), 'yes');
    void all.ask('q.a.1', 'claude-code', open(), ask);
    assert.equal(asked.length, 2);
  });

  it('[G-31] the same hook with the same id asks anew: an approval is for one execution', async () => {
    const { asked, ask } = gate();
    const all = questions();
    const first = all.ask('q.a.1', 'codex', open(), ask);
    asked[0]?.answer('yes');
    await first;
    void all.ask('q.a.1', 'codex', open(), ask);
    assert.equal(asked.length, 2);
  });

  it("[G-31] another agent's prompt cannot use the answer", async () => {
    const { asked, ask } = gate();
    const all = questions();
    void all.ask('q.a.1', 'codex', open(), ask);
    void all.ask('q.a', 'claude-code', open(), ask);
    assert.equal(asked.length, 2);
  });

  it('[G-31] withdraws the question when the last asker is gone, not before', async () => {
    const { asked, ask } = gate();
    const all = questions();
    const [one, two] = [new AbortController(), new AbortController()];
    void all.ask('q.a.1', 'vscode', one.signal, ask);
    void all.ask('q.a.1', 'claude-code', two.signal, ask);
    one.abort();
    assert.equal(asked[0]?.signal.aborted, false);
    two.abort();
    assert.equal(asked[0]?.signal.aborted, true);
    void all.ask('q.a', 'vscode', open(), ask);
    assert.equal(asked.length, 2, 'a withdrawn question answers nobody');
  });

  it('does not pass on an answer that settles nothing', async () => {
    const { asked, ask } = gate();
    const all = questions();
    const first = all.ask('q.a.1', 'codex', open(), ask);
    asked[0]?.answer('later');
    assert.equal(await first, 'later');
    void all.ask('q.a', 'codex', open(), ask);
    assert.equal(asked.length, 2);
  });

  it('forgets a failed question', async () => {
    const { asked, ask } = gate();
    const all = questions();
    const first = all.ask('q.a.1', 'codex', open(), ask);
    asked[0]?.fail(new Error('store_unavailable'));
    await assert.rejects(first);
    void all.ask('q.a', 'codex', open(), ask);
    assert.equal(asked.length, 2);
  });

  it('forgets an answer after ten minutes', async () => {
    const { asked, ask } = gate();
    const time = { ms: 0 };
    const all = questions(time);
    const first = all.ask('q.a.1', 'codex', open(), ask);
    asked[0]?.answer('yes');
    await first;
    time.ms = 600_001;
    void all.ask('q.a', 'codex', open(), ask);
    assert.equal(asked.length, 2);
  });
});
