import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ActionCall } from '#schema/views/action-call.ts';
import { wireErrors } from '#schema/envelope/errors.ts';
import { callText } from '#schema/views/call-text.ts';
import { visibleParts } from '#schema/views/visible-text.ts';
import { beginning, callLine, diffSize } from './call.ts';
import { failureText } from './failure.ts';
import { duration, relativeTime, timeLeft } from './time.ts';
import { visibleText } from './visible.ts';
import { whoName } from './who.ts';

const run = (over: Partial<ActionCall>): ActionCall => ({
  action: 'command.run',
  tool: 'shell',
  arguments: {},
  ...over,
});

describe('words of a call', () => {
  it('[G-13] never shows two different argv the same way', () => {
    const shown = (...argv: string[]): string => callText(run({ argv }));
    assert.equal(shown('git', 'commit', '-m', 'a b'), "git commit -m 'a b'");
    assert.notEqual(shown('echo', 'a b'), shown('echo', 'a', 'b'));
    assert.notEqual(shown('echo', "'a b'"), shown('echo', 'a b'));
    assert.equal(shown('echo', "it's"), String.raw`echo 'it'\''s'`);
    assert.equal(shown('echo', '', '$(x)'), "echo '' '$(x)'");
  });

  it('leaves nothing of a call out', () => {
    const call = run({
      tool: 'Fetch',
      url: 'https://x/y',
      paths: ['/a'],
      arguments: { body: 'z'.repeat(5_000) },
    });
    for (const part of ['Fetch', 'https://x/y', '/a', 'z'.repeat(5_000)])
      assert.ok(callText(call).includes(part));
    const { shown, more } = beginning(call);
    assert.equal(shown.length + more, callText(call).length);
    assert.ok(more > 0);
  });

  it('does not hide a few characters behind "more"', () => {
    assert.equal(beginning(run({ command_line: 'x'.repeat(950) })).more, 0);
    assert.equal(beginning(run({ command_line: 'x'.repeat(1_200) })).more, 300);
    assert.equal(beginning(run({ command_line: 'x\n'.repeat(40) })).more > 0, true);
  });

  it('says an editor tool by its title and its slots', () => {
    const call: ActionCall = {
      action: 'task.run',
      tool: 'editor.run_task',
      arguments: { name: 'build' },
    };
    assert.equal(callLine(call), 'Run a named task build');
    assert.equal(callLine(run({ argv: ['x'.repeat(200)] }), 20), `${'x'.repeat(19)}…`);
  });

  it('counts the lines of a diff without its headings', () => {
    assert.deepEqual(diffSize('--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n+z\n same'), {
      added: 2,
      removed: 1,
    });
  });
});

describe('text of an agent', () => {
  it('shows what hides, reorders or fakes text by its number', () => {
    assert.equal(visibleText('txt\u202Eexe.\u200B\u0007'), 'txt⟨U+202E⟩exe.⟨U+200B⟩⟨U+0007⟩');
    assert.equal(visibleText('\u{E0041}\uFEFF\u00AD\u3164'), '⟨U+E0041⟩⟨U+FEFF⟩⟨U+00AD⟩⟨U+3164⟩');
    assert.equal(visibleText('a\uD800b'), 'a⟨U+D800⟩b');
  });

  it('leaves writing of people alone', () => {
    for (const text of ['naïve café', '日本語', 'العربية', 'עברית', '👩🏽 ok', 'tab\there']) {
      assert.ok(
        visibleParts(text).every((part) => !part.hidden),
        text,
      );
    }
  });

  it('marks a name that nothing proved', () => {
    const principal = {
      kind: 'agent',
      id: 'claimed:x',
      display: 'Hob\u202E',
      role: 'agent',
      proven: false,
    } as const;
    assert.equal(whoName(principal), 'Calls itself Hob⟨U+202E⟩');
    assert.equal(whoName({ ...principal, display: 'Codex', proven: true }), 'Codex');
  });
});

describe('times', () => {
  const now = new Date(2026, 10, 20, 12, 31, 0).getTime();
  const before = (ms: number): string => new Date(now - ms).toISOString();
  const at = (hours: number, minutes: number, day = 20): string =>
    new Date(2026, 10, day, hours, minutes).toISOString();

  it('are relative while that is clear', () => {
    assert.equal(relativeTime(before(3_000), now), 'now');
    assert.equal(relativeTime(before(-3_000), now), 'now');
    assert.equal(relativeTime(before(42_000), now), '42 s ago');
    assert.equal(relativeTime(before(59 * 60_000), now), '59 min ago');
    assert.equal(relativeTime(at(9, 5), now), '09:05');
    assert.equal(relativeTime(at(23, 59, 19), now), 'yesterday 23:59');
    assert.equal(relativeTime(at(8, 0, 3), now), '3 Nov');
    assert.equal(relativeTime(new Date(2024, 0, 2).toISOString(), now), '2 Jan 2024');
  });

  it('say what is left and what it took', () => {
    assert.deepEqual(
      [0, 400, 59_000, 60_000, 570_000, 3 * 3_600_000, 72 * 3_600_000].map(timeLeft),
      ['expiring', '1 s left', '59 s left', '1 min left', '10 min left', '3 h left', '3 days left'],
    );
    assert.deepEqual([80, 3_180, 41_200, 245_000].map(duration), [
      '80 ms',
      '3.2 s',
      '41 s',
      '4 min 05 s',
    ]);
  });
});

describe('failures', () => {
  it('say something a person can act on, whatever the code', () => {
    for (const [code, { message, retryable }] of Object.entries(wireErrors)) {
      assert.match(failureText({ code, message, retryable }), /^[A-Z].*\.$/, code);
    }
  });
});
