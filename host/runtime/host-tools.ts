import * as z from 'zod';
import type { CommandResult } from '#schema/commands/registry.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { RunView } from '#schema/views/run.ts';
import { isoTime, type Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { InternalTool } from '#host/runs/runners/internal/internal-runner.ts';
import type { EventStore } from '#host/store/ports.ts';
import { backUp } from './upkeep/back-up.ts';
import { collectGarbage } from './upkeep/collect-garbage.ts';

export interface HostToolsOptions {
  store: EventStore;
  clock: Clock;
  dataDir: string;
  verify(): Promise<CommandResult<'audit.verify'>>;
  /** What Hob says to a sentence that asks. */
  answer(text: string, run: RunView): Promise<string>;
}

const notice = z.object({ title: z.string(), message: z.string() });
const question = z.object({ text: z.string() });

/** What Hob does itself when a task asks for it. */
export const hostTools = (o: HostToolsOptions): Record<string, InternalTool> => ({
  'notify.show': async (args, run) => {
    const { title, message } = notice.parse(args);
    await show(o.store, run, title, message);
    return { shown: true };
  },
  'conversation.answer': async (args, run) => {
    const { text } = question.parse(args);
    const reply = await o.answer(text, run);
    await show(o.store, run, text, reply);
    return { reply };
  },
  'hob.verify': async (_args, run) => {
    const found = await o.verify();
    if (!found.ok) {
      const first = found.problems[0]?.message ?? 'See hob verify.';
      await show(o.store, run, 'The record does not verify', first);
      throw new HobError('internal_error', { message: `The record does not verify: ${first}` });
    }
    return { events: found.events, head_hash: found.head_hash, problems: 0 };
  },
  'hob.backup': async () => backUp(o.dataDir, isoTime(o.clock.now())),
  'hob.gc': async () => collectGarbage(o),
});

async function show(
  store: EventStore,
  run: RunView,
  title: string,
  message: string,
): Promise<void> {
  const own = run.principal.kind === 'agent' ? `${run.principal.display}: ${title}` : title;
  const shown: DomainEvent = {
    type: 'notification.shown',
    data: { title: own.slice(0, 256), message: message.slice(0, 2_048), level: 'info' },
  };
  const { principal: actor, workspace_id, correlation_id, run_id } = run;
  await store.transact((tx) =>
    tx.append({ stream_type: 'notification', stream_id: actor.id }, 'any', [shown], {
      workspace_id,
      actor,
      correlation_id,
      causation_id: run_id,
      run_id,
    }),
  );
}
