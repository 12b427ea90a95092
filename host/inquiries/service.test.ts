import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Principal } from '#schema/envelope/principal.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemIds } from '#host/kernel/system-ids.ts';
import { openMemoryStore } from '#host/store/adapters/memory/store.ts';
import type { EventStore } from '#host/store/ports.ts';
import { HandClock } from '../../test/fakes/hand-clock.ts';
import { inquiriesProjection } from './projection.ts';
import { InquiryService } from './service.ts';

const codex: Principal = {
  kind: 'agent',
  id: 'claimed:codex',
  display: 'codex',
  role: 'agent',
  proven: false,
};

describe('inquiries', () => {
  const ids = systemIds();
  const storeWith = (clock: Clock): EventStore =>
    openMemoryStore({
      clock,
      ids,
      projections: [inquiriesProjection],
      knownSecrets: () => [],
      log: silentLog,
    });
  const serviceOn = (store: EventStore, clock: Clock): InquiryService =>
    new InquiryService({ store, clock, ids, log: silentLog, onAsked: () => {} });
  const ask = (service: InquiryService) =>
    service.ask(
      {
        kind: 'question',
        question: 'Which?',
        choices: [],
        free_text: true,
        phrases: [],
        expires_in_s: 90,
      },
      codex,
      { workspace_id: 'ws_test', correlation_id: 'c', causation_id: null },
    );
  /** Looks again and again: what a clock sets off is stored a moment later. */
  const until = async (isSo: () => Promise<boolean> | boolean): Promise<void> => {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('[V-70] expires when its time is over, whoever waits is told, and no clock is left', async () => {
    const clock = new HandClock();
    const service = serviceOn(storeWith(clock), clock);
    const { inquiry_id } = await ask(service);
    const waits = service.settled(inquiry_id, 45_000, new AbortController().signal);
    clock.move(60_000);
    assert.equal((await waits)?.status, 'open');
    await until(() => clock.armed === 1);
    assert.equal((await service.find(inquiry_id))?.status, 'open');
    clock.move(30_000);
    await until(async () => (await service.find(inquiry_id))?.status === 'expired');
    await until(() => clock.armed === 0);
  });

  it('[V-70] what ran out while the host was away expires when it is back', async () => {
    const clock = new HandClock();
    const store = storeWith(clock);
    const before = serviceOn(store, clock);
    const { inquiry_id } = await ask(before);
    before.close();
    clock.move(100_000);
    assert.equal((await before.find(inquiry_id))?.status, 'open');
    const after = serviceOn(store, clock);
    await after.recover();
    clock.move(0);
    await until(async () => (await after.find(inquiry_id))?.status === 'expired');
    after.close();
  });

  it('[V-70] of an agent that was revoked are taken back', async () => {
    const clock = new HandClock();
    const service = serviceOn(storeWith(clock), clock);
    const { inquiry_id } = await ask(service);
    await service.cancelAllOf('somebody else');
    assert.equal((await service.find(inquiry_id))?.status, 'open');
    await service.cancelAllOf(codex.id);
    const view = await service.find(inquiry_id);
    assert.deepEqual([view?.status, view?.ended_reason], ['cancelled', 'agent_revoked']);
    assert.equal(clock.armed, 0);
  });
});
