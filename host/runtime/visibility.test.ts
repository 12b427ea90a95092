import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Principal } from '#schema/envelope/principal.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { Visibility } from './visibility.ts';

const principal = (kind: Principal['kind'], id: string): Principal => ({
  kind,
  id,
  display: id,
  role: 'agent',
  proven: true,
});
const codex = principal('agent', 'codex');
const host = principal('service', 'host');
const event = (
  run_id: string | null,
  actor: Principal,
  data: Record<string, unknown> = {},
  event_type = 'run.succeeded',
): StoredEvent =>
  ({
    event_type,
    run_id,
    actor,
    data,
    stream: { stream_type: 'run', stream_id: run_id ?? 'x', stream_seq: 1 },
  }) as unknown as StoredEvent;
const created = (run_id: string, by: Principal): StoredEvent =>
  event(run_id, by, { principal: by }, 'run.created');

/** A host that was started again: of old runs only the store knows. */
function afterRestart(stored: Record<string, string>) {
  const asked: string[] = [];
  const visibility = new Visibility((runId) => {
    asked.push(runId);
    return Promise.resolve(stored[runId] ?? null);
  });
  return { visibility, asked };
}

describe('who may see which event', () => {
  it('[S-21] an agent sees what became of its runs, also of those before a restart', async () => {
    const { visibility, asked } = afterRestart({ old: 'codex', other: 'cline' });
    const own = event('old', host);
    assert.equal(visibility.visibleAtOnce(codex, own), null);
    const events = [own, event('other', host), event('unknown', host), event('old', host)];
    assert.deepEqual(await visibility.visibleAmong(codex, events), [own, events[3]]);
    assert.deepEqual(asked, ['old', 'other', 'unknown']);
    assert.equal(visibility.visibleAtOnce(codex, own), true);
  });

  it('[S-21] an agent never sees what others do, and people see everything', async () => {
    const { visibility } = afterRestart({});
    visibility.note(created('mine', codex));
    visibility.note(created('theirs', principal('agent', 'cline')));
    const events = [
      event('mine', host),
      event('theirs', host),
      event(null, host),
      event(null, codex),
      event('theirs', host, { requester: codex }),
    ];
    const seen = await visibility.visibleAmong(codex, events);
    assert.deepEqual(seen, [events[0], events[3], events[4]]);
    assert.deepEqual(await visibility.visibleAmong(principal('user', 'user'), events), events);
  });
});
