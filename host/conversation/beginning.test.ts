import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import type { RunView } from '#schema/views/run.ts';
import { becomesOf, understand } from '#host/intents/core/understand.ts';
import { HobError } from '#host/kernel/errors.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { systemIds } from '#host/kernel/system-ids.ts';
import { nodeCrypto } from '#host/policy/adapters/node-crypto.ts';
import type { Gate } from '#host/policy/gate.ts';
import type { Submission } from '#host/policy/submission.ts';
import { openMemoryStore } from '#host/store/adapters/memory/store.ts';
import { conformanceContext } from '#host/store/conformance-samples.ts';
import type { EventStore, StoreTransaction } from '#host/store/ports.ts';
import { Beginnings } from './beginning.ts';

const words = ['turn.started', 'turn.understood'];
const ids = systemIds();

describe('a turn and the run that it leads to', () => {
  let store: EventStore;
  /** Types of event by commit. */
  let commits: string[][];
  /** What the gate does beside making the run. */
  let inTransaction: () => void;
  let afterwards: () => void;

  beforeEach(() => {
    store = openMemoryStore({
      clock: systemClock,
      ids,
      projections: [],
      knownSecrets: () => [],
      log: silentLog,
    });
    commits = [];
    inTransaction = afterwards = () => {};
    store.onAppended((events) => commits.push(events.map(({ event_type }) => event_type)));
  });

  /** Of a gate only what a submission goes through: its claim, then its run, in one transaction. */
  const submit = async ({ claim }: Submission): Promise<RunView> => {
    const run_id = ids.domain('run');
    await store.transact(async (tx: StoreTransaction) => {
      await claim?.(tx, run_id);
      inTransaction();
      const stream = { stream_type: 'run', stream_id: run_id };
      const denied = { run_id, reason_code: 'kill_switch_on', reason: 'stopped' };
      await tx.append(
        stream,
        'no_stream',
        [{ type: 'run.denied', data: denied }],
        conformanceContext,
      );
    });
    afterwards();
    return { run_id } as RunView;
  };

  async function say(text: string, idempotency_key: string | null = null): Promise<string> {
    const beginnings = new Beginnings({ store, ids, crypto: nodeCrypto, gate: { submit } as Gate });
    const understanding = understand(text, { tasks: [] });
    const principal = conformanceContext.actor;
    const said = {
      payload: { text, dry_run: false, wait_ms: 0 },
      understanding,
      heard: null,
      speaker: {
        principal,
        role: principal.role,
        connection_id: 'c',
        closed: new AbortController().signal,
        workspace_id: 'ws_dev',
        correlation_id: 'corr',
        causation_id: null,
        idempotency_key,
      },
    };
    const becomes = understanding.match === null ? undefined : becomesOf(understanding.match.name);
    const turn = await beginnings.begin(said, becomes);
    await beginnings.submit(turn, {} as Submission);
    return turn.id;
  }

  it('[V-19] the words of an order and its run are one commit, the words first', async () => {
    await say('open settings');
    assert.deepEqual(commits, [[...words, 'run.denied']]);
  });

  it('[V-19] an order of which no run can be made leaves its words', async () => {
    inTransaction = () => {
      throw new HobError('not_leader');
    };
    await assert.rejects(say('open settings'), { code: 'not_leader' });
    assert.deepEqual(commits, [words]);
  });

  it('[V-19] words that are there already are not stored a second time', async () => {
    afterwards = () => {
      throw new Error('planted');
    };
    await assert.rejects(say('open settings'), /planted/);
    assert.deepEqual(commits, [[...words, 'run.denied']]);
  });

  it('words that lead to no call, or may have been said before, are stored on their own', async () => {
    await say('what happened');
    await say('undo');
    const first = await say('open settings', 'key-1');
    assert.equal(await say('open settings', 'key-1'), first);
    const run = ['run.denied'];
    assert.deepEqual(commits, [words, run, words, run, words, run, run]);
  });
});
