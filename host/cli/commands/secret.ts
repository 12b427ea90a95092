import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { VaultView } from '#schema/views/secret.ts';
import { exitCodes, UsageError, type CliCommand, type CliContext } from '../command.ts';
import { notThere } from '../named.ts';
import { plain, table } from '../output.ts';
import { usageText } from '../usage.ts';

const USAGE = 'secret list | set NAME [--passphrase | --key-file] | unlock | remove NAME';

export const secretCommand: CliCommand = {
  name: 'secret',
  usage: USAGE,
  summary: 'Secrets for external servers, encrypted; named on their cards, shown nowhere.',
  details: [
    'list         names, and where the key of the vault is',
    'set NAME     keeps what comes on stdin, or what you type unseen',
    '  --passphrase the first time: the key under a passphrase (from a pipe: its first line)',
    '  --key-file the first time: the key in a file that only you can read, not in the keyring',
    'unlock       opens a vault that is under a passphrase, until its host ends',
    'remove NAME  forgets it',
  ],
  options: { 'key-file': { type: 'boolean' }, passphrase: { type: 'boolean' } },
  async run(context) {
    const [verb = '', name, ...more] = context.positionals;
    if (verb === 'list' && name === undefined) return list(context);
    if (verb === 'unlock' && name === undefined) return unlock(context);
    if (name === undefined || more.length > 0)
      throw new UsageError(usageText(USAGE, context.positionals[0]));
    if (verb === 'set') return set(context, name);
    if (verb === 'remove') return remove(context, name);
    throw new UsageError(usageText(USAGE, context.positionals[0]));
  },
};

const keyPlaces = {
  keyring: 'the keyring',
  editor: 'the secret storage of VS Code',
  passphrase: 'a file that your passphrase opens',
  file: 'a file',
} as const;

const placeOf = ({ key }: VaultView): string => keyPlaces[key ?? 'keyring'];

async function list({ connect, out }: CliContext): Promise<number> {
  const { vault, secrets } = await (await connect()).request('secret.list', {});
  const state =
    vault.state === 'none'
      ? 'There is no vault yet; the first secret makes it: hob secret set NAME'
      : vault.state === 'locked'
        ? `The vault is locked. ${vault.problem ?? ''}`
        : `The vault is open; its key is in ${placeOf(vault)}.`;
  out.result({ vault, secrets }, state);
  if (secrets.length > 0 && !out.json)
    out.say(table(secrets.map(({ name, set_at }) => [name, set_at])));
  return vault.state === 'locked' ? exitCodes.error : exitCodes.done;
}

async function set({ connect, out, values }: CliContext, name: string): Promise<number> {
  const isPassphrase = values['passphrase'] === true;
  const unseen = isPassphrase ? await newPassphrase(process.stdin) : { rest: null };
  const value = unseen.rest ?? (await valueFrom(process.stdin));
  if (value === '') throw new UsageError('The secret comes on stdin: hob secret set NAME < FILE');
  const key = isPassphrase ? 'passphrase' : values['key-file'] === true ? 'file' : 'keyring';
  const { secret, vault } = await (
    await connect()
  ).request('secret.set', {
    name,
    value,
    key,
    ...('passphrase' in unseen ? { passphrase: unseen.passphrase } : {}),
  });
  // Where an earlier one put the key it stays, whatever was asked for now.
  out.result({ secret, vault }, `${name} is kept. The key of the vault is in ${placeOf(vault)}.`);
  return exitCodes.done;
}

async function unlock({ connect, out }: CliContext): Promise<number> {
  const passphrase = await valueFrom(process.stdin, 'Passphrase');
  const { vault } = await (await connect()).request('vault.enter_passphrase', { passphrase });
  out.result({ vault }, vault.state === 'open' ? 'The vault is open.' : 'There is no vault yet.');
  return exitCodes.done;
}

/** Typed twice; from a pipe its first line, and the secret is the rest of it. */
async function newPassphrase(
  input: NodeJS.ReadStream,
): Promise<{ passphrase: string; rest: string | null }> {
  if (!input.isTTY) {
    const all = await valueFrom(input);
    const [line = ''] = all.split('\n', 1);
    return { passphrase: line.replace(/\r$/, ''), rest: all.slice(line.length + 1) };
  }
  const passphrase = await valueFrom(input, 'Passphrase');
  if ((await valueFrom(input, 'The same again')) !== passphrase)
    throw new UsageError('That was not the same passphrase.');
  return { passphrase, rest: null };
}

async function remove({ connect, out }: CliContext, name: string): Promise<number> {
  const { removed } = await (await connect()).request('secret.remove', { name });
  if (!removed) throw notThere(`There is no secret ${plain(name)}; see hob secret list.`);
  out.result({ removed }, `${name} is forgotten.`);
  return exitCodes.done;
}

/** Never from the command line, which everybody on the machine can read. One line end at the end is not part of it. */
async function valueFrom(input: NodeJS.ReadStream, what = 'Secret'): Promise<string> {
  if (!input.isTTY) return (await text(input)).replace(/\r?\n$/, '');
  process.stderr.write(`${what}: `);
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: unseen, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
