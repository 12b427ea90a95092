import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { GroupCommit, type GroupWriter } from './group-commit.ts';

interface Tx {
  open: boolean;
}

/** Writes down what is asked of it; fails when told to. */
class RecordingWriter implements GroupWriter<Tx> {
  readonly calls: string[] = [];
  failure: HobError | null = null;
  failAt: string | null = null;
  tidy: (() => void) | null = null;

  begin(): void {
    this.failure = null;
    this.#record('begin');
  }

  savepoint(): { tx: Tx; close: () => void } {
    this.#record('savepoint');
    const tx = { open: true };
    return {
      tx,
      close: () => {
        tx.open = false;
      },
    };
  }

  release(): void {
    this.#record('release');
  }

  rollbackTo(): void {
    this.calls.push('rollbackTo');
  }

  commit(): readonly [] {
    this.#record('commit');
    return [];
  }

  rollback(): void {
    this.calls.push('rollback');
  }

  #record(call: string): void {
    this.calls.push(call);
    if (this.failAt !== call) return;
    this.failAt = null;
    this.failure = new HobError('store_unavailable');
    throw this.failure;
  }
}

class FakeClock implements Clock {
  at = 0;
  #timers: (() => void)[] = [];

  now(): number {
    return this.at;
  }

  monotonic(): number {
    return this.at;
  }

  timer(_ms: number, run: () => void): () => void {
    this.#timers.push(run);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== run);
    };
  }

  fire(): void {
    for (const run of this.#timers.splice(0)) run();
  }
}

function setUp(): { writer: RecordingWriter; clock: FakeClock; group: GroupCommit<Tx> } {
  const writer = new RecordingWriter();
  const clock = new FakeClock();
  return { writer, clock, group: new GroupCommit({ writer, clock, committed: () => {} }) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('GroupCommit', () => {
  it('puts the work of one turn into one transaction, each in its savepoint', async () => {
    const { writer, group } = setUp();
    const values = await Promise.all([group.transact(() => 1), group.transact(async () => 2)]);
    assert.deepEqual(values, [1, 2]);
    assert.deepEqual(writer.calls, [
      'begin',
      'savepoint',
      'release',
      'savepoint',
      'release',
      'commit',
    ]);
  });

  it('resolves nobody before the commit', async () => {
    const { writer, group } = setUp();
    let known: string[] = [];
    const first = group.transact(() => 1).then(() => (known = [...writer.calls]));
    await Promise.all([first, group.transact(() => 2)]);
    assert.equal(known.at(-1), 'commit');
  });

  it('gives housekeeping a turn of its own, after the callers were told', async () => {
    const { writer, group } = setUp();
    const turns: string[] = [];
    writer.tidy = () => {
      writer.tidy = null;
      turns.push('tidied');
    };
    const told = group.transact(() => 1).then(() => turns.push('told'));
    await told;
    setImmediate(() => turns.push('turned'));
    await group.close();
    await turn();
    assert.deepEqual(turns, ['told', 'tidied', 'turned']);
  });

  it('rejects the whole group when the commit fails, and works again afterwards', async () => {
    const { writer, group } = setUp();
    writer.failAt = 'commit';
    const outcomes = await Promise.allSettled([group.transact(() => 1), group.transact(() => 2)]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal(writer.calls.at(-1), 'rollback');
    assert.equal(await group.transact(() => 3), 3);
  });

  it('rejects the whole group when the store fails inside one work, even if that work hides it', async () => {
    const { writer, group } = setUp();
    const first = group.transact(() => 1);
    const second = group.transact(() => {
      writer.failure = new HobError('store_unavailable');
      return 'hidden';
    });
    const outcomes = await Promise.allSettled([first, second]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.deepEqual(writer.calls.slice(-1), ['rollback']);
    assert.equal(writer.calls.includes('commit'), false);
  });

  it('rejects everybody who waits when no transaction can be begun', async () => {
    const { writer, group } = setUp();
    writer.failAt = 'begin';
    const outcomes = await Promise.allSettled([group.transact(() => 1), group.transact(() => 2)]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
  });

  it('rolls back work that waits for something else after its time, and commits the others', async () => {
    const { writer, clock, group } = setUp();
    let kept: Tx | undefined;
    const good = group.transact(() => 'good');
    const stuck = group.transact((tx) => {
      kept = tx;
      return new Promise<never>(() => {});
    });
    const later = group.transact(() => 'later');
    const refused = assert.rejects(stuck, /waited for something else/);
    await turn();
    await turn();
    assert.equal(
      writer.calls.includes('commit'),
      false,
      'everybody waits for the one that is stuck',
    );
    clock.fire();
    await refused;
    assert.equal(await good, 'good');
    assert.equal(await later, 'later');
    assert.equal(kept?.open, false);
    assert.deepEqual(writer.calls, [
      'begin',
      'savepoint',
      'release',
      'savepoint',
      'rollbackTo',
      'commit',
      'begin',
      'savepoint',
      'release',
      'commit',
    ]);
  });

  it('ends a group after some milliseconds, so that the event loop turns', async () => {
    const { writer, clock, group } = setUp();
    const works = Array.from({ length: 10 }, () => group.transact(() => (clock.at += 2)));
    await Promise.all(works);
    assert.equal(writer.calls.filter((call) => call === 'commit').length, 4);
  });
});
