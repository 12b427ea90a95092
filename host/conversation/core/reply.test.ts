import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { RunView } from '#schema/views/run.ts';
import { outcomeOf, replyTo } from './reply.ts';

/** A run of `git status` that ended like this. */
const ended = (status: RunView['status'], result: RunView['result'], message?: string): RunView =>
  ({
    status,
    call: { action: 'command.run', tool: 'command.run', argv: ['git', 'status'], arguments: {} },
    result,
    error: message === undefined ? null : { code: 'command_failed', message, retryable: false },
    policy: { reason: '' },
  }) as unknown as RunView;

describe('what is said of a run', () => {
  it('[W-01] is what it printed, in one line', () => {
    const printing = (stdout: string): string =>
      replyTo(ended('succeeded', { stdout, stderr: '', exit_code: 0 }));
    assert.equal(printing('main\n'), 'Done: git status. It says "main".');
    assert.equal(
      printing('\nOn main\nnothing\n'),
      'Done: git status. It says "On main" and 1 more line.',
    );
    assert.equal(printing(''), 'Done: git status.');
    assert.match(printing('x'.repeat(500)), /"x{120}…"\.$/);
  });

  it('[W-04] is the outcome alone for who shows what was printed below it', () => {
    const run = ended('succeeded', { stdout: 'main\n', stderr: '', exit_code: 0 });
    assert.equal(outcomeOf(run), 'Done: git status.');
    assert.equal(
      outcomeOf(ended('failed', null, 'It was cancelled.')),
      'It did not work: git status. It was cancelled.',
    );
  });

  it('[W-01] is why it failed, which stands in its last line', () => {
    const result = { stdout: 'a\n', stderr: 'fatal: not a git repository\n', exit_code: 128 };
    assert.equal(
      replyTo(ended('failed', result, 'It ended with exit code 128.')),
      'It did not work: git status. It ended with exit code 128. It says "fatal: not a git repository" and 1 more line.',
    );
    assert.equal(
      replyTo(ended('failed', null, 'It was cancelled.')),
      'It did not work: git status. It was cancelled.',
    );
  });
});
