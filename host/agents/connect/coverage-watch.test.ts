import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Principal } from '#schema/envelope/principal.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { AgentView } from '#schema/views/agent.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { silentLog } from '#host/kernel/log.ts';
import { CoverageWatch } from './coverage-watch.ts';

const by: Principal = { kind: 'service', id: 'host', display: 'Hob', role: 'engine', proven: true };
const coverage = (hook_present: boolean): AgentView['coverage'] => ({
  gated: hook_present,
  covered: [],
  not_covered: [],
  hook_present,
});
const agent = (hook_present: boolean): AgentView => ({
  agent_id: 'agent_00000000000000000000000001',
  name: 'codex',
  display: 'Codex CLI',
  status: 'active',
  added_at: '2026-01-01T00:00:00.000Z',
  last_seen_at: null,
  last_hook_at: null,
  coverage: coverage(hook_present),
});

/** A watch over one agent whose file `isThere` or not; time passes by hand. */
function watched() {
  const recorded: DomainEvent[] = [];
  let isThere = true;
  let isBroken = false;
  let stored = agent(true);
  let next: (() => void) | null = null;
  let everyMs = 0;
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    timer(ms, run) {
      everyMs = ms;
      next = run;
      return () => (next = null);
    },
  };
  const watch = new CoverageWatch({
    clock,
    log: silentLog,
    by,
    registry: {
      list: async () => [stored],
      record: async (_id, events) => {
        recorded.push(...events);
        stored = agent(isThere);
        return { ...stored, token_sha256: null, files: [] };
      },
    },
    connector: {
      withCoverage: async (agents) => {
        if (isBroken) throw new Error('no files today');
        return agents.map((one) => ({ ...one, coverage: coverage(isThere) }));
      },
    },
  });
  return {
    watch,
    recorded,
    everyMs: () => everyMs,
    waits: () => next !== null,
    set: (change: { isThere?: boolean; isBroken?: boolean }) => {
      ({ isThere = isThere, isBroken = isBroken } = change);
    },
    async pass() {
      next?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('watching that hooks stay where they are', () => {
  it('[G-34] a hook taken out behind its back is recorded at the next look, well within a minute, once', async () => {
    const t = watched();
    await t.watch.start();
    assert.equal(t.recorded.length, 0);
    assert.ok(t.everyMs() <= 30_000);
    t.set({ isThere: false });
    await t.pass();
    await t.pass();
    assert.equal(t.recorded.length, 1);
    assert.equal(t.recorded[0]?.type, 'agent.coverage_changed');
    t.set({ isThere: true });
    await t.pass();
    assert.equal(t.recorded.length, 2, 'and when it is back');
  });
  it('goes on after a look that failed', async () => {
    const t = watched();
    t.set({ isBroken: true });
    await t.watch.start();
    t.set({ isBroken: false, isThere: false });
    await t.pass();
    assert.equal(t.recorded.length, 1);
  });
  it('leaves no timer behind', async () => {
    const t = watched();
    await t.watch.start();
    t.watch.close();
    assert.equal(t.waits(), false);
  });
});
