import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { evolveInquiry } from '#schema/views/inquiry-fold.ts';
import type { InquiryView } from '#schema/views/inquiry.ts';
import { decideInquiry, type InquiryCommand } from './inquiry.ts';

const codex = {
  kind: 'agent',
  id: 'agent_1',
  display: 'codex',
  role: 'agent',
  proven: true,
} as const;
const id = `inq_${'0'.repeat(26)}`;
const open: InquiryView = {
  inquiry_id: id,
  kind: 'question',
  workspace_id: 'ws_test',
  requester: codex,
  question: 'Which database?',
  choices: ['PostgreSQL', 'SQLite (a file)'],
  free_text: false,
  phrases: [],
  status: 'open',
  answer: null,
  ended_reason: null,
  asked_at: '2026-01-01T00:00:00.000Z',
  expires_at: '2026-01-01T00:10:00.000Z',
  settled_at: null,
  ref: null,
};
const typed = (text: string): InquiryCommand => ({
  kind: 'answer',
  given: { text },
  source: 'typed',
  turn_id: null,
});
const codeOf = (command: InquiryCommand, inquiry: InquiryView | null): string => {
  const outcome = decideInquiry(command, inquiry);
  return outcome.ok ? outcome.events.map(({ type }) => type).join() : outcome.code;
};
/** What the store would make of it. */
const after = (command: InquiryCommand, inquiry: InquiryView | null): InquiryView | null => {
  const outcome = decideInquiry(command, inquiry);
  assert.ok(outcome.ok);
  return outcome.events.reduce<InquiryView | null>(
    (view, { type, data }) =>
      evolveInquiry(view, {
        event_type: type,
        data,
        workspace_id: 'ws_test',
        occurred_at: '2026-01-01T00:01:00.000Z',
      } as unknown as StoredEvent),
    inquiry,
  );
};

describe('an inquiry', () => {
  it('[V-70] takes a choice by number, or by words that name it whole', () => {
    const answers = [{ choice: 1 }, { text: ' sqlite, a file! ' }].map(
      (given) => after({ kind: 'answer', given, source: 'click', turn_id: null }, open)?.answer,
    );
    for (const answer of answers)
      assert.deepEqual(answer, {
        text: 'SQLite (a file)',
        choice: 1,
        source: 'click',
        turn_id: null,
      });
    assert.equal(codeOf(typed('sqlite'), open), 'invalid_payload');
    assert.equal(
      codeOf({ kind: 'answer', given: { choice: 2 }, source: 'click', turn_id: null }, open),
      'invalid_payload',
    );
  });

  it('[V-70] takes other words only where it says so, and keeps them as they were given', () => {
    const free = { ...open, free_text: true };
    assert.deepEqual(after(typed('  DuckDB, please '), free)?.answer, {
      text: 'DuckDB, please',
      choice: null,
      source: 'typed',
      turn_id: null,
    });
    assert.equal(codeOf(typed('   '), free), 'invalid_payload');
  });

  it('[V-70] is put only where it can be answered', () => {
    const ask = (choices: string[], free_text: boolean): string =>
      codeOf(
        {
          kind: 'ask',
          inquiry_id: id,
          text: { kind: 'question', question: 'Which?', choices, free_text, phrases: [] },
          requester: codex,
          expires_at: open.expires_at,
          ref: null,
        },
        null,
      );
    assert.equal(ask([], false), 'invalid_payload');
    assert.equal(ask(['Yes', ' yes'], false), 'invalid_payload');
    assert.equal(ask(['Yes', 'No'], false), 'inquiry.asked');
    assert.equal(ask([], true), 'inquiry.asked');
  });

  it('[V-70] ends once: what comes after its end changes nothing', () => {
    const declined = after({ kind: 'decline' }, open);
    assert.equal(declined?.status, 'declined');
    assert.equal(codeOf(typed('PostgreSQL'), declined), 'already_settled');
    assert.equal(codeOf({ kind: 'decline' }, declined), 'already_settled');
    assert.equal(codeOf({ kind: 'cancel', reason: 'x' }, declined), '');
    assert.equal(codeOf({ kind: 'expire', at: Infinity }, declined), '');
    assert.equal(codeOf(typed('PostgreSQL'), null), 'not_found');
  });

  it('[V-70] expires at its time and not before', () => {
    const due = Date.parse(open.expires_at);
    assert.equal(codeOf({ kind: 'expire', at: due - 1 }, open), '');
    assert.equal(codeOf({ kind: 'expire', at: due }, open), 'inquiry.expired');
  });
});
