import type { Principal } from '#schema/envelope/principal.ts';
import { Allowances } from '#host/kernel/allowances.ts';
import type { AllowanceRate } from '#host/kernel/allowance.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';

/**
 * How often an agent may call. What is refused at once costs an agent nothing, so one that is stuck in a
 * loop would fill the record: 214 MB in five minutes were seen. Sixty refusals at once and one a second
 * after that are recorded, ten times as many calls that do something.
 */
const rate: AllowanceRate = { full: 600, perSecond: 10 };
const costs = { act: 1, refused: 10, said: 10 } as const;

/** `act`: it starts something or asks a person. `refused`: at once. `said`: words for the person. */
export type CallKind = keyof typeof costs;

export interface CallAllowancesOptions {
  clock: Clock;
  /** Tells the person of an agent that calls too often; once until it has been quiet for a minute. */
  tell(agent: Principal, workspaceId: string): void;
}

/** Turns away, before anything of it is stored, what an agent in a loop asks. People and their programs never meet it. */
export class CallAllowances {
  readonly #o: CallAllowancesOptions;
  readonly #allowances: Allowances;
  readonly #told = new Set<string>();

  constructor(options: CallAllowancesOptions) {
    this.#o = options;
    this.#allowances = new Allowances(rate, options.clock);
  }

  /** Throws `too_many_requests`, with when to try again. */
  spend(principal: Principal, kind: CallKind, workspaceId: string): void {
    if (principal.kind !== 'agent') return;
    const wait = this.#allowances.spend(principal.id, costs[kind]);
    for (const id of this.#told) if (!this.#allowances.isKnown(id)) this.#told.delete(id);
    if (wait === 0) return;
    if (!this.#told.has(principal.id)) {
      this.#told.add(principal.id);
      // Calls are counted inside the transaction that would store them; telling takes one of its own.
      this.#o.clock.timer(0, () => this.#o.tell(principal, workspaceId));
    }
    throw new HobError('too_many_requests', {
      message: `You call too often, so this was refused without a look; try again in ${Math.ceil(wait / 1_000)} s.`,
      retryAfterMs: wait,
    });
  }
}
