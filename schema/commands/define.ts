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

/** A row as it is written down: the schemas are made when they are first asked for. */
type CommandDefinition<N extends string, P extends z.ZodType, R extends z.ZodType> = Omit<
  CommandRow<N, P, R>,
  'payload' | 'result'
> & { payload: () => P; result: () => R };

/**
 * One row. A host needs few of the 80 schemas in its first second, and making all of them was a
 * third of its start.
 */
export function command<N extends string, P extends z.ZodType, R extends z.ZodType>(
  definition: CommandDefinition<N, P, R>,
): CommandRow<N, P, R> {
  const { payload: makePayload, result: makeResult, ...facts } = definition;
  let payload: P | undefined;
  let result: R | undefined;
  return {
    ...facts,
    get payload() {
      return (payload ??= makePayload());
    },
    get result() {
      return (result ??= makeResult());
    },
  };
}

export const everyRole: readonly Role[] = ['panel', 'extension', 'cli', 'agent', 'engine', 'peer'];
/** The clients a person sits at. */
export const people: readonly Role[] = ['panel', 'extension', 'cli'];
/** The editor's own two connections. */
export const editor: readonly Role[] = ['panel', 'extension'];
