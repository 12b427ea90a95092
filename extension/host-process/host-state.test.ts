import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { HostCallError, LinkError } from '#schema/client/errors.ts';
import type { HostClient } from '#schema/client/host-client.ts';
import type { LinkState } from '#schema/client/host-link.ts';
import { hostStateOf } from './host-state.ts';

const connected: LinkState = { state: 'connected', client: {} as HostClient };
const connecting: LinkState = { state: 'connecting', attempt: 1 };
const fatal = (failure: Error): LinkState => ({ state: 'fatal', failure });

describe('the state of the host, as people read it', () => {
  it('is connected only when both connections are', () => {
    assert.deepEqual(hostStateOf(connected, connected, true), { kind: 'connected', detail: null });
    assert.equal(hostStateOf(connected, connecting, false).kind, 'connecting');
    assert.equal(hostStateOf(connecting, connected, true).kind, 'reconnecting');
  });

  it('[A-85] says that it tries again, why, and when', () => {
    const failure = new LinkError('host_start_failed', { message: 'It does not start.' });
    const waiting: LinkState = { state: 'waiting', attempt: 2, delayMs: 4_000, failure };
    assert.deepEqual(hostStateOf(waiting, connecting, true), {
      kind: 'reconnecting',
      detail: 'It does not start. Trying again in 4 s.',
    });
  });

  it('[A-85] ends in fatal with the reason, whichever connection it is', () => {
    const state = fatal(new LinkError('host_start_failed', { message: 'No.' }));
    const expected = { kind: 'fatal', detail: 'No.' };
    assert.deepEqual(hostStateOf(state, connecting, true), expected);
    assert.deepEqual(hostStateOf(connected, state, true), expected);
  });

  it('calls a host of another contract version incompatible, not broken', () => {
    const newer = fatal(new LinkError('host_too_new'));
    const refused = fatal(
      new HostCallError({ code: 'unsupported_version', message: 'Other.', retryable: false }),
    );
    assert.equal(hostStateOf(newer, connecting, false).kind, 'incompatible');
    assert.equal(hostStateOf(refused, connecting, false).kind, 'incompatible');
    assert.match(hostStateOf(newer, connecting, false).detail ?? '', /Update Hob/);
  });
});
