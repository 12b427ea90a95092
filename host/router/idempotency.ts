import { createHash } from 'node:crypto';
import { canonicalJson } from '#schema/envelope/canonical.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { Log } from '#host/kernel/log.ts';
import type { EventStore } from '#host/store/ports.ts';

export interface IdempotentCall {
  principalId: string;
  command: string;
  key: string;
  /** Everything that must be the same for a repetition to be one. */
  content: JsonObject;
  /** False for answers that must not be stored: then only simultaneous repetitions are one. */
  remember: boolean;
}

/**
 * One execution for each principal + command + key. A repetition while it runs waits for the same
 * answer; one that comes later gets the remembered answer, also after a restart; other content under
 * the same key is `idempotency_conflict`. Failures are not remembered: trying again tries again.
 */
export class Idempotency {
  readonly #store: EventStore;
  readonly #log: Log;
  readonly #inFlight = new Map<string, { hash: string; answer: Promise<JsonObject> }>();

  constructor(store: EventStore, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  once(call: IdempotentCall, execute: () => Promise<JsonObject>): Promise<JsonObject> {
    const id = JSON.stringify([call.principalId, call.command, call.key]);
    const hash = createHash('sha256').update(canonicalJson(call.content)).digest('hex');
    const running = this.#inFlight.get(id);
    if (running !== undefined) {
      return running.hash === hash
        ? running.answer
        : Promise.reject(new HobError('idempotency_conflict'));
    }
    const answer = this.#execute(call, hash, execute).finally(() => this.#inFlight.delete(id));
    this.#inFlight.set(id, { hash, answer });
    return answer;
  }

  async #execute(
    call: IdempotentCall,
    hash: string,
    execute: () => Promise<JsonObject>,
  ): Promise<JsonObject> {
    if (!call.remember) return execute();
    const { principalId, command, key } = call;
    const remembered = await this.#store.transact((tx) =>
      tx.recall(principalId, command, key, hash),
    );
    if (remembered !== null) return remembered;
    const answer = await execute();
    // It has happened: an answer that cannot be remembered must not turn it into a failure.
    await this.#store
      .transact((tx) => tx.remember(principalId, command, key, hash, answer))
      .catch((failure: unknown) =>
        this.#log.warn('an answer could not be remembered', { command, reason: String(failure) }),
      );
    return answer;
  }
}
