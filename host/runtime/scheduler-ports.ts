import type { Principal } from '#schema/envelope/principal.ts';
import type { TaskTrigger } from '#schema/views/task.ts';
import { agentsProjection } from '#host/agents/registry/agent.ts';
import { callOf } from '#host/conversation/core/call-of.ts';
import type { Speaker } from '#host/conversation/ports.ts';
import type { Moment } from '#host/intents/core/schedule/reading.ts';
import { readWhen } from '#host/intents/core/schedule/when.ts';
import { toWords } from '#host/intents/core/words.ts';
import { becomesOf, understand } from '#host/intents/core/understand.ts';
import type { LeaseKeeper } from '#host/kernel/lease-keeper.ts';
import type { CallContext } from '#host/router/ports.ts';
import type { TaskCall } from '#host/scheduler/core/action.ts';
import { fenceOf, SCHEDULER_LEASE } from '#host/store/lease-port.ts';
import type { StoreReader } from '#host/store/ports.ts';

/** The lease as the scheduler and its runs see it. */
export const leadOf = (lease: LeaseKeeper) => ({
  ...fenceOf(lease, SCHEDULER_LEASE),
  fencing: () => lease.fencing,
});

/** Why the maker of a task has no rights any more; null when it has. */
export async function revokedMaker(tx: StoreReader, maker: Principal): Promise<string | null> {
  if (maker.kind !== 'agent') return null;
  const claimed = maker.id.startsWith('claimed:') ? maker.id.slice('claimed:'.length) : null;
  const known =
    claimed === null
      ? [await tx.document(agentsProjection, maker.id)]
      : await tx.documents(agentsProjection, { where: { name: claimed }, limit: 100 });
  const isRevoked =
    known.length > 0 && known.every((agent) => agent !== null && agent.status === 'revoked');
  return isRevoked ? `${maker.display}, which made this task, was revoked.` : null;
}

/** What a sentence would do if it was said now; an answer is given as a message. */
export function taskCallOf(text: string, tasks: readonly string[]): TaskCall | null {
  const { match } = understand(text, { tasks });
  const becomes = match === null ? undefined : becomesOf(match.name);
  if (match === null || becomes === undefined) return null;
  if (becomes.kind === 'answer')
    return {
      runner: 'internal',
      call: { action: 'notify.show', tool: 'conversation.answer', arguments: { text } },
    };
  return callOf(match, becomes);
}

/** When something is due that a person puts in words, e.g. "every weekday at 9"; null when it is not clear. */
export function dueAsSaid(
  text: string,
  moment: Moment,
): { trigger: TaskTrigger; zone: string } | null {
  const reading = readWhen(
    toWords(text).map(({ norm }) => norm),
    moment,
  );
  return reading?.kind === 'when' ? { trigger: reading.trigger, zone: reading.zone } : null;
}

/** Whoever speaks, as the handlers of commands know a caller. */
export const spokenContext = (speaker: Speaker): CallContext => ({
  caller: {
    connection_id: speaker.connection_id,
    role: speaker.role,
    principal: speaker.principal,
    closed: speaker.closed,
  },
  request_id: speaker.correlation_id,
  workspace_id: speaker.workspace_id,
  correlation_id: speaker.correlation_id,
  causation_id: speaker.causation_id,
  // The sentence's own key is remembered for the sentence.
  idempotency_key: null,
});
