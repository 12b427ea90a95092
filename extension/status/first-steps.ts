import type { CommandInput, CommandResult } from '#schema/commands/registry.ts';

/** Stored events that complete a step of the walkthrough, and the context key that says so. */
const steps: Readonly<Record<string, string>> = {
  'approval.decided': 'hob.hasAnswered',
  'turn.answered': 'hob.hasSpoken',
  'agent.connected': 'hob.agentConnected',
};

export const stepOf = (eventType: string): string | undefined => steps[eventType];

type Query = (
  command: 'event.query',
  payload: CommandInput<'event.query'>,
) => Promise<CommandResult<'event.query'>>;

/** The steps that were done before this window looked: yesterday, in another window, in a terminal. */
export async function stepsDone(request: Query): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(steps).map(async ([type, key]) => {
      const { events } = await request('event.query', {
        event_type: [type],
        order: 'desc',
        limit: 1,
      });
      return events.length === 0 ? [] : [key];
    }),
  );
  return found.flat();
}
