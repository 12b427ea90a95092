import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { meaningOf } from './keys.ts';

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'repeat', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  repeat: false,
  ...held,
});

describe('keys of the panel', () => {
  it('[A-52] approves, denies and holds', () => {
    assert.equal(meaningOf(press('Enter', { ctrlKey: true }), 'elsewhere'), 'approve');
    assert.equal(meaningOf(press('Enter', { metaKey: true }), 'answer'), 'approve');
    assert.equal(meaningOf(press('Backspace', { ctrlKey: true }), 'elsewhere'), 'deny');
    assert.equal(meaningOf(press('h'), 'elsewhere'), 'hold');
    assert.equal(meaningOf(press('ArrowDown'), 'answer'), 'next');
    assert.equal(meaningOf(press('ArrowUp'), 'elsewhere'), 'previous');
  });

  it('[G-36] leaves every key in a text field to the text', () => {
    for (const key of ['Enter', 'Backspace', 'h', 'ArrowUp', 'Escape']) {
      assert.equal(meaningOf(press(key), 'text'), null);
      assert.equal(meaningOf(press(key, { ctrlKey: true }), 'text'), null);
    }
  });

  it('[G-36] gives Esc, plain Enter and plain Backspace no decision', () => {
    for (const place of ['answer', 'elsewhere'] as const) {
      for (const key of ['Escape', 'Enter', 'Backspace']) {
        assert.ok(!['approve', 'deny', 'hold'].includes(meaningOf(press(key), place) ?? ''), key);
      }
    }
    // Swallowed, because the button would take it for a click.
    assert.equal(meaningOf(press('Enter'), 'answer'), 'swallow');
  });

  it('[G-36] acts once while a key is held down', () => {
    assert.equal(
      meaningOf(press('Enter', { ctrlKey: true, repeat: true }), 'elsewhere'),
      'swallow',
    );
    assert.equal(
      meaningOf(press('Backspace', { metaKey: true, repeat: true }), 'elsewhere'),
      'swallow',
    );
    assert.equal(meaningOf(press('h', { repeat: true }), 'elsewhere'), 'swallow');
    assert.equal(meaningOf(press('Enter', { repeat: true }), 'elsewhere'), 'swallow');
    assert.equal(meaningOf(press(' ', { repeat: true }), 'answer'), 'swallow');
  });

  it('leaves other combinations to the editor', () => {
    assert.equal(meaningOf(press('Enter', { ctrlKey: true, shiftKey: true }), 'elsewhere'), null);
    assert.equal(meaningOf(press('Enter', { ctrlKey: true, altKey: true }), 'elsewhere'), null);
    assert.equal(meaningOf(press('h', { ctrlKey: true }), 'elsewhere'), null);
    assert.equal(meaningOf(press('ArrowDown', { altKey: true }), 'elsewhere'), null);
  });
});
