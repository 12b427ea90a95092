import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { judgeAnswer, type AnswerFacts, type WaitingCard } from './judge-answer.ts';

const card: WaitingCard = { approval_id: 'a1', danger: false, shown_ms: 1_000 };
const facts = (change: Partial<AnswerFacts> = {}): AnswerFacts => ({
  answer: 'approve',
  can_decide: true,
  cards: [card],
  changed: false,
  quiet_ms: 500,
  question: () => ({ attempts: 1, closed: false }),
  ...change,
});
const reason = (change: Partial<AnswerFacts>): string => {
  const verdict = judgeAnswer(facts(change));
  return verdict.kind === 'refuse' ? verdict.reason : verdict.kind;
};

describe('when a spoken answer counts', () => {
  it('[V-14] settles the one card that has been on show for a second', () => {
    for (const decision of ['approve', 'deny', 'hold'] as const)
      assert.deepEqual(judgeAnswer(facts({ answer: decision })), {
        kind: 'settle',
        approval_id: 'a1',
        decision,
      });
    assert.equal(reason({ quiet_ms: null }), 'settle');
  });

  it('[V-14] [F-113] and in no other case', () => {
    assert.equal(reason({ cards: [] }), 'nothing_waits');
    assert.equal(reason({ can_decide: false }), 'not_a_decider');
    assert.equal(reason({ cards: [card, { ...card, approval_id: 'a2' }] }), 'several_wait');
    assert.equal(reason({ changed: true }), 'changed');
    assert.equal(reason({ cards: [{ ...card, danger: true }] }), 'danger');
    assert.equal(reason({ cards: [{ ...card, danger: true }], answer: 'deny' }), 'danger');
    assert.equal(reason({ cards: [{ ...card, shown_ms: 999 }] }), 'not_shown');
    assert.equal(reason({ cards: [{ ...card, shown_ms: null }] }), 'not_shown');
    assert.equal(reason({ quiet_ms: 499 }), 'host_spoke');
    assert.equal(reason({ quiet_ms: -20 }), 'host_spoke');
    assert.equal(reason({ question: () => ({ attempts: 3, closed: true }) }), 'question_closed');
  });

  it('[V-14] an answer that is not clear is asked again twice, then the card is left to the hand', () => {
    const at = (attempts: number) =>
      judgeAnswer(facts({ answer: 'ambiguous', question: () => ({ attempts, closed: false }) }));
    assert.deepEqual(at(0), { kind: 'ask_again', approval_id: 'a1', attempt: 2 });
    assert.deepEqual(at(1), { kind: 'ask_again', approval_id: 'a1', attempt: 2 });
    assert.deepEqual(at(2), { kind: 'ask_again', approval_id: 'a1', attempt: 3 });
    assert.deepEqual(at(3), { kind: 'close', approval_id: 'a1' });
  });

  it('[V-14] whatever else is true, each rule alone keeps it from settling', () => {
    const cards = fc.array(
      fc.record({
        approval_id: fc.uuid(),
        danger: fc.boolean(),
        shown_ms: fc.option(fc.integer({ min: 0, max: 3_000 })),
      }),
      { maxLength: 3 },
    );
    const any = fc.record({
      answer: fc.constantFrom(
        'approve' as const,
        'deny' as const,
        'hold' as const,
        'ambiguous' as const,
      ),
      can_decide: fc.boolean(),
      cards,
      changed: fc.boolean(),
      quiet_ms: fc.option(fc.integer({ min: -500, max: 2_000 })),
      closed: fc.boolean(),
    });
    fc.assert(
      fc.property(any, ({ closed, ...one }) => {
        const verdict = judgeAnswer({ ...one, question: () => ({ attempts: 1, closed }) });
        if (verdict.kind !== 'settle') return;
        const [only] = one.cards;
        assert.ok(one.can_decide && !one.changed && !closed && one.cards.length === 1);
        assert.ok(one.quiet_ms === null || one.quiet_ms >= 500);
        assert.ok((only?.shown_ms ?? 0) >= 1_000);
        assert.ok(only?.danger === false || verdict.decision === 'hold');
        assert.equal(verdict.decision, one.answer);
      }),
    );
  });
});
