import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { HostClient } from '#schema/client/host-client.ts';
import type { CommandInput, CommandResult } from '#schema/commands/registry.ts';
import { exitCodes, UsageError, type CliContext } from '../command.ts';
import { plain } from '../output.ts';

const WAIT_MS = 50_000;

type Step = CommandResult<'server.login'>;

/** Signs in, step by step: a card about where to, a page in the browser, and how it ended. */
export async function login({ connect, out, values }: CliContext, name: string): Promise<number> {
  const client = await connect();
  const key = (values as Record<string, unknown>)['key-file'] === true ? 'file' : 'keyring';
  const step = await client.request('server.login', { name, key, wait_ms: WAIT_MS });
  return follow(client, out, name, step);
}

/** With the address that the browser ended at, which comes on stdin: it holds the code of this sign-in. */
export async function finishLogin(
  { connect, out }: Pick<CliContext, 'connect' | 'out'>,
  name: string,
  input: Readable & { isTTY?: boolean } = process.stdin,
): Promise<number> {
  if (input.isTTY === true)
    out.say('Paste the address that the browser ended at, and press Enter:');
  const address = await firstLine(input);
  const client = await connect();
  const step = await client.request('server.finish_login', { name, address });
  // Its page is behind them.
  return follow(client, out, name, step, step.url ?? '');
}

/** Says what is to be done, each thing once, until it has ended. */
async function follow(
  client: HostClient,
  out: CliContext['out'],
  name: string,
  first: Step,
  known = '',
): Promise<number> {
  let step = first;
  let shown = known;
  for (;;) {
    const { server, url, approval_id } = step;
    const state = server.login?.state ?? 'needed';
    if (state === 'signed_in' || state === 'needed') {
      const words =
        state === 'signed_in'
          ? `Signed in at ${name} (${server.login?.issuer ?? ''}).`
          : (server.login?.problem ?? 'Signing in was ended.');
      out.result({ server }, plain(words));
      return state === 'signed_in' ? exitCodes.done : exitCodes.error;
    }
    const asks = url ?? approval_id ?? '';
    if (asks !== shown && url !== null)
      out.say(
        `Sign in with your browser:\n\n  ${plain(url)}\n\nIf it ends at a page that it cannot open, as on another machine, give its address to: hob server finish-login ${name}`,
      );
    else if (asks !== shown) out.say('A card in the editor asks where Hob may connect to.');
    shown = asks;
    step = await client.request('server.login', { name, after: state, wait_ms: WAIT_MS });
  }
}

async function firstLine(input: Readable): Promise<string> {
  const lines = createInterface({ input });
  for await (const line of lines) {
    lines.close();
    input.destroy();
    return line;
  }
  throw new UsageError('The address comes on stdin: hob server finish-login NAME');
}

export async function logout({ connect, out }: CliContext, name: string): Promise<number> {
  const { server, revoked } = await (await connect()).request('server.logout', { name });
  const there =
    revoked === true
      ? 'The tokens were taken back there.'
      : revoked === null
        ? 'Its authorization server has no place to take tokens back, so they end by themselves.'
        : 'They could not be taken back there, so they end by themselves.';
  out.result({ server, revoked }, `Signed out of ${name}: its tokens are forgotten here. ${there}`);
  return exitCodes.done;
}

type OAuth = NonNullable<
  Extract<CommandInput<'server.add'>['transport'], { kind: 'http' }>['oauth']
>;

/** What the options say of how Hob signs in there; null when they say nothing. */
export function oauthOf(given: Readonly<Record<string, unknown>>): OAuth | null {
  const options = {
    client_id: given['client-id'],
    client_secret_from: given['client-secret'],
    private_key_from: given['private-key'],
    client_metadata_url: given['client-metadata'],
    scope: given['scope'],
  };
  const named = Object.entries(options).filter(([, value]) => typeof value === 'string');
  const isProgram = given['client-credentials'] === true;
  if (named.length === 0 && !isProgram) return null;
  if (isProgram && typeof options.client_id !== 'string')
    throw new UsageError('--client-credentials needs --client-id, and a secret or key of it.');
  return {
    grant: isProgram ? 'client_credentials' : 'authorization_code',
    ...(Object.fromEntries(named) as Omit<OAuth, 'grant'>),
  };
}
