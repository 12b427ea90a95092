import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  initialGuard,
  judge,
  observe,
  SETTLE_MS,
  type GuardState,
  type Observation,
} from './act-guard.ts';

const after = (...seen: Observation[]): GuardState => seen.reduce(observe, initialGuard);
const shown = (at: number, ...ids: string[]): Observation => selected(at, null, ...ids);
const selected = (at: number, card: string | null, ...ids: string[]): Observation => ({
  kind: 'shown',
  ids,
  selected: card,
  at,
});
const moved = (at: number, ...ids: string[]): Observation => ({ kind: 'moved', ids, at });
const windowIs = (focused: boolean, at: number): Observation => ({ kind: 'window', focused, at });

describe('act guard', () => {
  it('[G-36] lets nothing count within 500 ms of a card arriving', () => {
    const guard = after(shown(1_000, 'a'));
    assert.equal(judge(guard, 'a', 'pointer', 1_000 + SETTLE_MS - 1), 'arrived');
    assert.equal(judge(guard, 'a', 'key', 1_000 + SETTLE_MS - 1), 'arrived');
    assert.equal(judge(guard, 'a', 'pointer', 1_000 + SETTLE_MS), null);
    assert.equal(judge(guard, 'a', 'key', 1_000 + SETTLE_MS), null);
  });

  it('[G-36] counts from the first time a card was on show, not from every drawing', () => {
    const guard = after(shown(1_000, 'a'), shown(1_400, 'a', 'b'));
    assert.equal(judge(guard, 'a', 'pointer', 1_600), null);
    assert.equal(judge(guard, 'b', 'pointer', 1_600), 'arrived');
  });

  it('[G-36] starts again when a card went and came back', () => {
    const guard = after(shown(0, 'a'), shown(1_000), shown(2_000, 'a'));
    assert.equal(judge(guard, 'a', 'pointer', 2_100), 'arrived');
  });

  it('[G-36] treats the second step of a dangerous card as something new', () => {
    const guard = after(shown(0, 'a'), shown(3_000, 'a', 'a/confirm'));
    assert.equal(judge(guard, 'a/confirm', 'pointer', 3_100), 'arrived');
    assert.equal(judge(guard, 'a/confirm', 'pointer', 3_500), null);
  });

  it('[G-36] lets nothing count within 500 ms of the card moving', () => {
    const guard = after(shown(0, 'a', 'b'), moved(5_000, 'b'));
    assert.equal(judge(guard, 'b', 'pointer', 5_499), 'moved');
    assert.equal(judge(guard, 'a', 'pointer', 5_001), null);
    assert.equal(judge(guard, 'b', 'pointer', 5_500), null);
  });

  it('[G-36] ignores the click that raised the window, whichever is heard first', () => {
    const away = after(shown(0, 'a'), windowIs(true, 0), windowIs(false, 1_000));
    assert.equal(judge(away, 'a', 'pointer', 9_000), 'refocused');
    const back = observe(away, windowIs(true, 9_000));
    assert.equal(judge(back, 'a', 'pointer', 9_080), 'refocused');
    assert.equal(judge(back, 'a', 'pointer', 9_500), null);
  });

  it('[G-36] lets a click count that moves the focus from the editor into the panel', () => {
    const guard = after(shown(0, 'a'), windowIs(true, 0), { kind: 'panel_focused', at: 7_000 });
    assert.equal(judge(guard, 'a', 'pointer', 7_050), null);
    assert.equal(judge(guard, 'a', 'key', 7_050), 'refocused');
    assert.equal(judge(guard, 'a', 'key', 7_500), null);
  });

  it('[G-36] takes the focus of the panel for that of the window while nobody said more', () => {
    const guard = after(shown(0, 'a'), { kind: 'panel_focused', at: 7_000 });
    assert.equal(judge(guard, 'a', 'pointer', 7_050), 'refocused');
    assert.equal(judge(guard, 'a', 'pointer', 7_500), null);
  });

  it('[G-36] does not take the first report of the window for a change', () => {
    const guard = after(shown(0, 'a'), windowIs(true, 5_000));
    assert.equal(judge(guard, 'a', 'pointer', 5_010), null);
  });

  it('[G-36] lets no key count on the card that keys passed on to, within 500 ms of the one before it going', () => {
    const guard = after(selected(0, 'b', 'a', 'b'), selected(5_000, 'a', 'a'));
    assert.equal(judge(guard, 'a', 'key', 5_499), 'passed_on');
    assert.equal(judge(guard, 'a', 'pointer', 5_001), null, 'a pointer is where it was');
    assert.equal(judge(guard, 'a', 'key', 5_500), null);
  });

  it('[G-36] takes a card that the person turned to for chosen', () => {
    const guard = after(selected(0, 'b', 'a', 'b'), selected(5_000, 'a', 'a', 'b'));
    assert.equal(judge(guard, 'a', 'key', 5_001), null);
  });

  it('[G-36] refuses what is not on show', () => {
    assert.equal(judge(after(shown(0, 'a')), 'b', 'pointer', 9_000), 'unseen');
  });
});
