import type { McpServer } from '@modelcontextprotocol/server';
import type { Clock } from '#host/kernel/clock.ts';
import { changedResources } from '../core/resource-changes.ts';
import type { McpSessionContext } from './session-context.ts';
import type { Era } from './tool-calls.ts';

/** What changes within this time is told once. */
const TOGETHER_MS = 50;
const MOST_SUBSCRIPTIONS = 1_000;

/** Tells the client which of the resources it subscribed to read differently now, until the server closes. */
export function serveSubscriptions(server: McpServer, era: Era, session: McpSessionContext): void {
  const { store, visibleAmong, clock, log } = session.options;
  const { principal } = session.caller;
  const wanted = era === 'legacy' ? legacySubscriptions(server) : null;
  const tell = collected(clock, (uris) => {
    for (const uri of uris)
      if (server.isConnected()) server.server.sendResourceUpdated({ uri }).catch(() => {});
  });
  const failed = (problem: unknown): void =>
    log.warn('a change was not told', { problem: String(problem).slice(0, 200) });
  const stop = store.onAppended((events) => {
    // In 2026-07-28 the SDK keeps the subscriptions, and lets through what is in one.
    if (wanted?.size === 0) return;
    void visibleAmong(principal, events).then((visible) => {
      const own = new Set(visible);
      const changed = changedResources(events, (event) => own.has(event));
      for (const uri of changed) if (wanted === null || wanted.has(uri)) tell.add(uri);
    }, failed);
  });
  // Also when only this server ends: a client may ask in one era and go on in the other.
  server.server.onclose = () => {
    stop();
    tell.dispose();
  };
}

/** resources/subscribe and its opposite, as they were until 2025-11-25. */
function legacySubscriptions({ server }: McpServer): ReadonlySet<string> {
  const wanted = new Set<string>();
  server.setRequestHandler('resources/subscribe', ({ params: { uri } }) => {
    wanted.add(uri);
    const [oldest] = wanted;
    if (wanted.size > MOST_SUBSCRIPTIONS && oldest !== undefined) wanted.delete(oldest);
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    wanted.delete(uri);
    return {};
  });
  return wanted;
}

/** Hands over what was added in the last moment, each thing once. */
function collected(clock: Clock, hand: (all: ReadonlySet<string>) => void) {
  let all = new Set<string>();
  let cancel = (): void => {};
  let isOver = false;
  return {
    add(one: string): void {
      if (isOver) return;
      if (all.size === 0)
        cancel = clock.timer(TOGETHER_MS, () => {
          const due = all;
          all = new Set();
          hand(due);
        });
      all.add(one);
    },
    dispose(): void {
      isOver = true;
      cancel();
    },
  };
}
