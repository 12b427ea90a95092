/** How much somebody may use: a bucket that is full at first and fills again with time. */
export interface AllowanceRate {
  readonly full: number;
  /** What comes back in a second. */
  readonly perSecond: number;
}

/** What one of them has left. */
export interface Allowance {
  readonly left: number;
  /** Monotonic ms of `left`. */
  readonly at: number;
}

export type Spent =
  | { readonly kind: 'granted'; readonly allowance: Allowance }
  | { readonly kind: 'wait'; readonly ms: number };

export const fullAllowance = ({ full }: AllowanceRate, at: number): Allowance => ({
  left: full,
  at,
});

/** True when it is as if nothing had been used: it need not be remembered. */
export const isFull = (rate: AllowanceRate, allowance: Allowance, now: number): boolean =>
  filled(rate, allowance, now) >= rate.full;

/** What is left after using `cost` at `now`; or how long to wait until that can be used. */
export function spend(rate: AllowanceRate, allowance: Allowance, cost: number, now: number): Spent {
  const wanted = Math.min(rate.full, cost);
  const left = filled(rate, allowance, now);
  return left >= wanted
    ? { kind: 'granted', allowance: { left: left - wanted, at: now } }
    : { kind: 'wait', ms: Math.ceil(((wanted - left) / rate.perSecond) * 1_000) };
}

const filled = ({ full, perSecond }: AllowanceRate, { left, at }: Allowance, now: number): number =>
  Math.min(full, left + (Math.max(0, now - at) / 1_000) * perSecond);
