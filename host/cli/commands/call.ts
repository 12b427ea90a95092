import type { CommandName } from '#schema/commands/registry.ts';
import { HostCallError } from '#schema/client/errors.ts';
import { isObject } from '#schema/wire/check-envelope.ts';
import { exitCodes, UsageError, type CliCommand } from '../command.ts';
import { plain } from '../output.ts';
import { didYouMean } from '../usage.ts';

/** Any command of the contract, as it is. */
export const callCommand: CliCommand = {
  name: 'call',
  usage: 'call COMMAND [JSON] [--workspace ID] [--key KEY]',
  summary: 'Sends one command of the contract and prints its result.',
  details: [
    'JSON is the payload; {} when left out, - reads it from stdin.',
    '--key makes a repetition harmless: the same key gives the same response.',
  ],
  options: { workspace: { type: 'string' }, key: { type: 'string' } },
  async run({ positionals: [name, json = '{}', ...more], values, connect, out }) {
    if (name === undefined || more.length > 0)
      throw new UsageError('Usage: hob call COMMAND [JSON]');
    const payload = readPayload(json === '-' ? await readStdin() : json);
    const client = await connect();
    const workspace = values['workspace'];
    const key = values['key'];
    const result = await client
      .request(name as CommandName, payload, {
        ...(typeof workspace === 'string' ? { workspaceId: workspace } : {}),
        ...(typeof key === 'string' ? { idempotencyKey: key } : {}),
      })
      .catch((failure: unknown) => named(failure, name));
    out.result(result, JSON.stringify(result, null, 2));
    return exitOf(result);
  },
};

/** A name that the host does not know is answered with the one that was meant. */
async function named(failure: unknown, name: string): Promise<never> {
  if (!(failure instanceof HostCallError) || failure.code !== 'unknown_command') throw failure;
  const { commandNames } = await import('#schema/commands/registry.ts');
  const message = `The contract has no command "${plain(name)}".${didYouMean(name, commandNames)}`;
  throw new HostCallError({ ...failure.toWire(), message });
}

/** What waits or was denied says so in the exit status, as in the other commands. */
function exitOf(result: Record<string, unknown>): number {
  const said = result['decision'] ?? result['status'];
  if (said === 'pending') return exitCodes.pending;
  return said === 'deny' || said === 'denied' ? exitCodes.denied : exitCodes.done;
}

function readPayload(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  throw new UsageError('The payload must be a JSON object.');
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
