import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { HostCallError } from '#schema/client/errors.ts';
import { isObject } from '#schema/wire/check-envelope.ts';
import { exitCodes, UsageError, type CliCommand, type CliContext } from '../command.ts';
import { plain } from '../output.ts';

export const eventsCommand: CliCommand = {
  name: 'events',
  usage: 'events [--from-seq N] [--text WORDS] [--follow]',
  summary: 'Prints what happened, oldest first.',
  details: [
    '--from-seq N   only what came after N',
    '--text WORDS   only what holds all of these words, or is about what does',
    '--follow       goes on with what happens from now on, until Ctrl-C',
  ],
  options: {
    'from-seq': { type: 'string' },
    text: { type: 'string' },
    follow: { type: 'boolean' },
  },
  async run(context) {
    const fromSeq = readSeq(context.values['from-seq']);
    const text = context.values['text'];
    if (context.values['follow'] !== true)
      return list(context, {
        from_seq: fromSeq ?? 0,
        ...(typeof text === 'string' ? { text } : {}),
      });
    if (text !== undefined) throw new UsageError('--text goes without --follow.');
    return follow(context, fromSeq);
  },
};

function readSeq(given: string | boolean | undefined): number | undefined {
  if (given === undefined) return undefined;
  const seq = Number(given);
  if (!Number.isSafeInteger(seq) || seq < 0)
    throw new UsageError('--from-seq takes a whole number.');
  return seq;
}

async function list(
  { connect, out }: CliContext,
  filter: { readonly from_seq: number; readonly text?: string },
): Promise<number> {
  const client = await connect();
  for (let seq = filter.from_seq; ;) {
    const { events } = await client.request('event.query', {
      ...filter,
      from_seq: seq,
      limit: 500,
    });
    for (const event of events) out.result(event, lineOf(event));
    const last = events.at(-1);
    if (last === undefined) return exitCodes.done;
    seq = last.seq;
  }
}

async function follow({ connect, out }: CliContext, fromSeq: number | undefined): Promise<number> {
  const client = await connect();
  client.onEvent((event: EventEnvelope) => {
    if (event.event !== 'event.appended') return;
    const stored = event.payload as unknown as StoredEvent;
    out.result(stored, lineOf(stored));
  });
  await client.subscribe({
    events: ['event.appended'],
    ...(fromSeq === undefined ? {} : { from_seq: fromSeq }),
  });
  const stop = (): void => void client.close();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const reason = await client.closed;
  if (reason === null) return exitCodes.done;
  throw reason instanceof HostCallError
    ? reason
    : new Error(`The host went away; go on with --from-seq ${client.lastSeq}.`);
}

function lineOf(event: StoredEvent): string {
  const about = event.data === null ? '(erased)' : plain(summaryOf(event.data));
  return `${String(event.seq).padStart(6)}  ${event.recorded_at}  ${event.event_type.padEnd(22)} ${plain(event.actor.display)}: ${about}`;
}

/** The few fields that say most, in one line. */
function summaryOf(data: NonNullable<StoredEvent['data']>): string {
  const call = isObject(data['call']) ? data['call'] : {};
  const id = ['run_id', 'approval_id', 'grant_id', 'agent_id'].map((name) => data[name]);
  const said = [call['argv'], call['command_line'], call['tool']];
  const more = ['text', 'decision', 'reason', 'name', 'title'].map((name) => data[name]);
  return [firstText(id), firstText([...said, ...more])]
    .filter((part) => part !== '')
    .join('  ')
    .slice(0, 160);
}

/** The first that is text, or a list of words. */
function firstText(values: readonly unknown[]): string {
  const words = values
    .map((value) => (Array.isArray(value) ? value : [value]))
    .find((value) => value.length > 0 && value.every((word) => typeof word === 'string'));
  return words === undefined ? '' : words.join(' ');
}
