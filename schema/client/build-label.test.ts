import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { buildLabel, isNewerBuild } from './build-label.ts';

describe('build labels', () => {
  it('[F-34] compare by version, then by time', () => {
    assert.equal(isNewerBuild('0.10.0+20260101T000000Z', '0.9.9+20270101T000000Z'), true);
    assert.equal(isNewerBuild('0.9.9+20270101T000000Z', '0.10.0+20260101T000000Z'), false);
    assert.equal(isNewerBuild('1.0.0+20260102T000000Z', '1.0.0+20260101T000000Z'), true);
    assert.equal(isNewerBuild('1.0.0+20260101T000000Z', '1.0.0+20260101T000000Z'), false);
    assert.equal(isNewerBuild('1.0.0', 'not a label'), true);
  });

  it('[F-34] are read from the program file and its package', () => {
    assert.match(buildLabel(import.meta.filename), /^\d+\.\d+\.\d+\+\d{8}T\d{6}Z$/);
  });
});
