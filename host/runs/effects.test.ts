import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { RunView } from '#schema/views/run.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { systemIds } from '#host/kernel/system-ids.ts';
import { hostPrincipal } from '#host/policy/approvals/service.ts';
import { openMemoryStore } from '#host/store/adapters/memory/store.ts';
import type { EventStore } from '#host/store/ports.ts';
import { Effects } from './effects.ts';
import type { Effect, Outcome, Runner } from './ports.ts';
import { runProjections } from './projections.ts';
import { readRun, runStream } from './run-log.ts';

const ids = systemIds();
const call = { action: 'command.run' as const, tool: 'x', argv: ['x'], arguments: {} };

function newStore(): EventStore {
  return openMemoryStore({
    clock: systemClock,
    ids,
    projections: runProjections,
    knownSecrets: () => [],
    log: silentLog,
  });
}

async function startedRun(store: EventStore): Promise<RunView> {
  const run_id = ids.domain('run');
  const policy = {
    decision: 'allow' as const,
    reason_code: 'x',
    reason: 'x',
    zone: 'sandbox' as const,
    danger: false,
    danger_reasons: [],
    grant_id: null,
  };
  const events: DomainEvent[] = [
    {
      type: 'run.created',
      data: {
        run_id,
        trigger: { kind: 'command', ref: null },
        runner: 'host',
        principal: hostPrincipal,
        call,
        call_hash: 'a'.repeat(64),
        policy,
      },
    },
    {
      type: 'run.started',
      data: { run_id, step_id: ids.domain('step'), tool_call_id: ids.domain('toolCall') },
    },
  ];
  await store.transact((tx) =>
    tx.append(runStream(run_id), 'no_stream', events, {
      workspace_id: 'ws_dev',
      actor: hostPrincipal,
      correlation_id: run_id,
      causation_id: null,
      run_id,
    }),
  );
  return readRun(store, run_id);
}

/** Goes on until it is aborted. */
const patient: Runner = {
  prepare: () => Promise.resolve({ ok: true, call }),
  execute: ({ signal }: Effect) =>
    new Promise<Outcome>((resolve) => {
      const end = (): void => resolve({ ok: true, result: {} });
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    }),
};

describe('effects', () => {
  it('[G-21] a cancel that comes between the durable start and its beginning still reaches it', async () => {
    const store = newStore();
    const effects = new Effects({ store, clock: systemClock, log: silentLog });
    const run = await startedRun(store);
    const aborted = effects.abort(run.run_id, 'changed my mind');
    const executed = effects.execute(patient, run, ids.domain('toolCall'), call);
    assert.equal(await aborted, true);
    await executed;
    const after = await readRun(store, run.run_id);
    assert.deepEqual([after.status, after.error?.message], ['cancelled', 'changed my mind']);
    assert.equal(effects.count, 0);
  });

  it('[G-21] nothing to abort is said', async () => {
    const effects = new Effects({ store: newStore(), clock: systemClock, log: silentLog });
    assert.equal(await effects.abort(ids.domain('run'), 'x'), false);
  });

  it('[G-11] a runner that throws is a failed run, recorded once', async () => {
    const store = newStore();
    const effects = new Effects({ store, clock: systemClock, log: silentLog });
    const run = await startedRun(store);
    const broken: Runner = { ...patient, execute: () => Promise.reject(new Error('boom')) };
    await effects.execute(broken, run, ids.domain('toolCall'), call);
    assert.equal((await readRun(store, run.run_id)).status, 'failed');
    assert.equal((await store.load(runStream(run.run_id))).length, 4);
  });
});
