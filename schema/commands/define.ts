import type * as z from 'zod';
import type { Role } from '../envelope/principal.ts';

/** One row of the registry: everything that is true of a command, in one place. */
export interface CommandRow<
  N extends string = string,
  P extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> {
  name: N;
  /** Who may send it; everybody else gets `role_refused`. */
  roles: readonly Role[];
  /** `read` changes nothing; `control` changes Hob's own state; `act` may lead to an effect outside, through the gate. */
  action: 'read' | 'control' | 'act';
  /** Sending it twice does no more than sending it once, even without an idempotency key. */
  idempotent: boolean;
  since: string;
  summary: string;
  payload: P;
  result: R;
}

export const command = <N extends string, P extends z.ZodType, R extends z.ZodType>(
  row: CommandRow<N, P, R>,
): CommandRow<N, P, R> => row;

export const everyRole: readonly Role[] = ['panel', 'extension', 'cli', 'agent', 'engine', 'peer'];
/** The clients a person sits at. */
export const people: readonly Role[] = ['panel', 'extension', 'cli'];
/** The editor's own two connections. */
export const editor: readonly Role[] = ['panel', 'extension'];
