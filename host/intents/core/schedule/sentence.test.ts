import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { argvText } from '#schema/views/call-text.ts';
import { understand } from '../understand.ts';
import type { SaidAction, SaidTrigger } from './reading.ts';
import type { ScheduleReading } from './sentence.ts';
import { instantsOf, wallTimeAt } from './zoned-time.ts';

const lines = (name: string): string[] =>
  readFileSync(new URL(`../../../../test/fixtures/sentences/${name}.txt`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('# '));

const berlin = { now: Date.parse('2026-11-21T12:00:00Z'), zone: 'Europe/Berlin' };
const tasks = lines('tasks');
const read = (sentence: string, moment = berlin) => understand(sentence, { tasks, moment });

const ofTrigger = (trigger: SaidTrigger): string =>
  trigger.kind === 'cron'
    ? `cron ${trigger.expression}`
    : trigger.kind === 'interval'
      ? `interval ${trigger.every_seconds}`
      : `once ${trigger.at}`;
const ofAction = (action: SaidAction): string =>
  action.kind === 'sentence'
    ? `sentence ${action.text}`
    : action.kind === 'command'
      ? `command ${argvText(action.argv)}`
      : `reminder ${action.message}`;

function schedule(
  sentence: string,
  moment = berlin,
): Extract<ScheduleReading, { kind: 'schedule' }> {
  const { schedule: reading } = read(sentence, moment);
  if (reading?.kind !== 'schedule') throw new Error(`${sentence}: ${JSON.stringify(reading)}`);
  return reading;
}

describe('sentences that name a time', function () {
  for (const line of lines('scheduled')) {
    const [sentence = '', expected = ''] = line.split(' -> ');
    it(`[S-01] understands "${sentence}"`, () => {
      const { trigger, action } = schedule(sentence);
      assert.equal(`${ofTrigger(trigger)} | ${ofAction(action)}`, expected);
      assert.equal(read(sentence).match?.name, 'new_schedule');
    });
  }

  for (const line of lines('asked')) {
    const [sentence = '', expected = ''] = line.split(' -> ');
    it(`[S-01] asks back at "${sentence}"`, () => {
      const { match, schedule: reading } = read(sentence);
      assert.equal(match, null);
      if (reading?.kind !== 'question') assert.fail(JSON.stringify(reading));
      assert.equal([reading.question, ...reading.suggestions].join(' | '), expected);
    });
  }

  for (const name of ['understood', 'near', 'nothing'])
    it(`changes nothing about sentences that name none (${name}.txt)`, () => {
      for (const line of lines(name)) {
        const [sentence = ''] = line.split(' -> ');
        const { match, closest } = understand(sentence, { tasks, schedules: ['lint'] });
        const now = understand(sentence, { tasks, schedules: ['lint'], moment: berlin });
        assert.deepEqual([now.match, now.closest], [match, closest], sentence);
      }
    });

  it('makes no command of a slip in an order that it knows', () => {
    const { match, schedule: reading, closest } = read('run teh tests every day at nine');
    assert.deepEqual([match, reading?.kind], [null, 'unclear']);
    assert.equal(closest[0]?.phrase, 'run the tests every day at nine');
  });

  it('[S-01] never takes a decision for an order, at whatever time', () => {
    for (const words of ['approve', 'yes', 'deny it', 'go ahead'])
      for (const when of ['every day at nine', 'in ten minutes', 'tomorrow at noon']) {
        const { match, schedule: reading } = read(`${words} ${when}`);
        assert.ok(match?.name === 'decision_word' || reading?.kind === 'decision', words);
      }
  });

  it('makes nothing of an order not to, and no command of what needs a shell', () => {
    for (const sentence of [
      "don't run the tests every day at nine",
      'never run the tests at noon',
      'run rm -rf / ; echo every day at noon',
      'run cat a | sh every day at noon',
      'run echo $HOME every day at noon',
      'run the reports every day at noon',
      'run the tests every day at 25:00',
      'run the tests every day at nine or ten',
      'run the tests on 3/4/2027 at nine',
      'run the tests on 30 february at nine',
      'run the tests every zero minutes',
    ])
      assert.equal(read(sentence).match, null, sentence);
  });

  it('says how it read an hour that has two', () => {
    assert.match(schedule('run the tests every day at five').notes.join(' '), /Read as 17:00/);
    assert.deepEqual(schedule('run the tests every day at five in the morning').notes, []);
    assert.match(
      schedule('run the tests on the 31st of every month at noon').notes.join(' '),
      /Months without a day 31/,
    );
  });

  it('takes the first of two when the clocks go back, and says so', () => {
    const { trigger, notes } = schedule('run the tests on 31 october 2027 at 02:30');
    assert.equal(ofTrigger(trigger), 'once 2027-10-31T00:30:00.000Z');
    assert.match(notes.join(' '), /comes twice/);
  });

  it('knows the zone that is said', () => {
    assert.equal(schedule('run the tests every day at nine utc').zone, 'UTC');
    assert.equal(schedule('run the tests every day at nine Asia/Tokyo time').zone, 'Asia/Tokyo');
  });

  it('counts minutes and hours through a change of the clocks', () => {
    const before = { now: Date.parse('2027-03-28T00:30:00Z'), zone: 'Europe/Berlin' };
    const { trigger } = schedule('remind me in two hours', before);
    assert.equal(ofTrigger(trigger), 'once 2027-03-28T02:30:00.000Z');
  });

  const zones = fc.constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'UTC',
  );
  const moments = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2031-01-01') });

  it('never names a moment that is past, and names the one whose clock shows it', () => {
    fc.assert(
      fc.property(moments, zones, fc.integer({ min: 0, max: 1439 }), (now, zone, at) => {
        const two = (n: number): string => String(n).padStart(2, '0');
        const said = `${two(Math.floor(at / 60))}:${two(at % 60)}`;
        for (const day of ['', 'tomorrow ', 'next friday ', 'in three weeks ']) {
          const { schedule: reading } = read(`run the tests ${day}at ${said}`, { now, zone });
          if (reading?.kind === 'question') continue;
          if (reading?.kind !== 'schedule' || reading.trigger.kind !== 'once')
            assert.fail(`${day}${said}: ${JSON.stringify(reading)}`);
          const instant = Date.parse(reading.trigger.at);
          const { hour, minute } = wallTimeAt(instant, zone);
          assert.ok(instant > now);
          assert.equal(`${two(hour)}:${two(minute)}`, said);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('turns wall time into instants and back, in every zone and season', () => {
    fc.assert(
      fc.property(moments, zones, (now, zone) => {
        const minute = Math.floor(now / 60_000) * 60_000;
        assert.ok(instantsOf(wallTimeAt(minute, zone), zone).includes(minute));
      }),
    );
  });

  it('reads any words without an error', () => {
    const word = fc.constantFrom(
      ...'every at nine run the tests remind me in twenty minutes to half past first of month between and five on friday tomorrow 31st 9:30 pm monday last day hours 0 -1 noon utc every'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), (words) => void read(words.join(' '))),
      { numRuns: 100 },
    );
  });
});
