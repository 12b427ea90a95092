import type { CommandInput } from '#schema/commands/registry.ts';
import { argvOf } from '../schedule/argv.ts';
import type { NewServer } from './model.ts';

type Asked = Pick<CommandInput<'server.add'>, 'name' | 'transport'>;
type Transport = Asked['transport'];
type OAuth = NonNullable<Extract<Transport, { kind: 'http' }>['oauth']>;
type Made<T> = { ok: true; made: T } | { ok: false; problem: string };

const wrong = (problem: string) => ({ ok: false, problem }) as const;

const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter((one) => one !== '');

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** `NAME=value`, one each; null in place of what is something else. */
const pairsOf = (all: readonly string[]): (readonly [name: string, value: string] | null)[] =>
  all.map((one) => {
    const found = /^([A-Za-z_]\w*)=(.+)$/.exec(one);
    return found === null ? null : [found[1] ?? '', found[2] ?? ''];
  });

/** Without what was left empty. */
const given = <T extends Record<string, string>>(fields: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(fields)
      .map(([name, text]) => [name, text.trim()])
      .filter(([, text]) => text !== ''),
  ) as Partial<T>;

/** Programs have no `://` in their name. */
export const isAddress = (reached: string): boolean => /^\s*https?:\/\//i.test(reached);

/** What a person wrote down, as the host takes it, or why it cannot be that. */
export function serverOf(
  fields: NewServer,
): { ok: true; asked: Asked } | { ok: false; problem: string } {
  const name = fields.name.trim();
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(name))
    return wrong(
      'Give it a short name of a to z, 0 to 9 and hyphens. Its tools are found under it.',
    );
  const transport = isAddress(fields.reached) ? addressOf(fields) : programOf(fields);
  return transport.ok ? { ok: true, asked: { name, transport: transport.made } } : transport;
}

function addressOf(fields: NewServer): Made<Transport> {
  const login = loginOf(fields);
  if (!login.ok) return login;
  const bearer = given({ bearer_from: fields.secrets });
  if (login.made !== null && bearer.bearer_from !== undefined)
    return wrong('Either a bearer token or a client that signs in, not both.');
  return {
    ok: true,
    made: {
      kind: 'http',
      url: fields.reached.trim(),
      private_network: fields.privateNetwork,
      ...bearer,
      ...(login.made === null ? {} : { oauth: login.made }),
    },
  };
}

/** How Hob signs in there; null where it is left to the server. */
function loginOf(fields: NewServer): Made<OAuth | null> {
  const named = given({
    client_id: fields.clientId,
    client_secret_from: fields.clientSecret,
    private_key_from: fields.privateKey,
    client_metadata_url: fields.clientMetadata,
    scope: fields.scope,
  });
  const { asProgram } = fields;
  if (!asProgram && Object.keys(named).length === 0) return { ok: true, made: null };
  const isProved = (named.client_secret_from ?? named.private_key_from) !== undefined;
  if (asProgram && (named.client_id === undefined || !isProved))
    return wrong('To sign in as a program it needs a client ID, and a secret or a private key.');
  if (isProved && named.client_id === undefined)
    return wrong('Which client does the secret prove? Give the client ID too.');
  if (named.client_metadata_url?.startsWith('https://') === false)
    return wrong('The document about the client has an address that begins with https://.');
  const grant = asProgram ? 'client_credentials' : 'authorization_code';
  return { ok: true, made: { grant, ...named } };
}

function programOf(fields: NewServer): Made<Transport> {
  const argv = argvOf(fields.reached.trim());
  if (argv === null)
    return wrong(
      'Write the program with its arguments, or an address. No shell reads it: quote what has spaces.',
    );
  const names = wordsOf(fields.variables);
  if (names.some((one) => !/^[A-Za-z_]\w*$/.test(one)))
    return wrong('Variables of yours are named only, for example LANG, TOKEN_FILE.');
  const values = pairsOf(linesOf(fields.values));
  if (values.includes(null))
    return wrong('Write a variable and its value, one a line, for example LEVEL=debug.');
  const secrets = pairsOf(wordsOf(fields.secrets));
  if (secrets.includes(null))
    return wrong('Write a variable and the name of a secret in the vault, for example TOKEN=mail.');
  return {
    ok: true,
    made: {
      kind: 'stdio',
      argv,
      env_names: names,
      variables: values.map((pair) => ({ env: pair?.[0] ?? '', value: pair?.[1] ?? '' })),
      ...(secrets.length === 0
        ? {}
        : { secrets: secrets.map((pair) => ({ env: pair?.[0] ?? '', from: pair?.[1] ?? '' })) }),
      reads: linesOf(fields.reads),
      writes: linesOf(fields.writes),
      network: fields.network,
      ...given({ cwd: fields.cwd }),
    },
  };
}
