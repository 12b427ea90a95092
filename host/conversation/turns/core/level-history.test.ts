import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { LevelHistory } from './level-history.ts';

describe('the level of a turn', () => {
  it('is kept as it came while it is short', () => {
    const history = new LevelHistory();
    for (let n = 0; n < 100; n += 1) history.add(n * 50, n / 100);
    assert.equal(history.points.length, 100);
    assert.deepEqual(history.points[3], [150, 0.03]);
  });

  it('of a minute is a bounded picture that loses no peak and no time', () => {
    const history = new LevelHistory();
    for (let n = 0; n < 1_200; n += 1) history.add(n * 50, n === 777 ? 0.9 : 0.1);
    const { points } = history;
    assert.ok(points.length > 100 && points.length <= 240, `${points.length}`);
    assert.equal(points.filter(([, level]) => level === 0.9).length, 1);
    const at = points.find(([, level]) => level === 0.9)?.[0] ?? 0;
    assert.ok(Math.abs(at - 777 * 50) <= 400, `${at}`);
    assert.ok((points.at(-1)?.[0] ?? 0) > 59_000);
    assert.deepEqual(
      points.map(([ms]) => ms),
      points.map(([ms]) => ms).toSorted((a, b) => a - b),
    );
  });
});
