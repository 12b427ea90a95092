import type { CommandInput } from '#schema/commands/registry.ts';
import { argvOf } from '../schedule/argv.ts';
import type { NewServer } from './model.ts';

type Asked = Pick<CommandInput<'server.add'>, 'name' | 'transport'>;

const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter((one) => one !== '');

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Programs have no `://` in their name. */
export const isAddress = (reached: string): boolean => /^\s*https?:\/\//i.test(reached);

/** What a person wrote down, as the host takes it, or why it cannot be that. */
export function serverOf(
  fields: NewServer,
): { ok: true; asked: Asked } | { ok: false; problem: string } {
  const wrong = (problem: string) => ({ ok: false, problem }) as const;
  const name = fields.name.trim();
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(name))
    return wrong(
      'Give it a short name of a to z, 0 to 9 and hyphens. Its tools are found under it.',
    );
  const reached = fields.reached.trim();
  if (isAddress(reached)) {
    const bearer = fields.secrets.trim();
    const { privateNetwork: private_network } = fields;
    const login = bearer === '' ? {} : { bearer_from: bearer };
    return {
      ok: true,
      asked: { name, transport: { kind: 'http', url: reached, private_network, ...login } },
    };
  }
  const argv = argvOf(reached);
  if (argv === null)
    return wrong(
      'Write the program with its arguments, or an address. No shell reads it: quote what has spaces.',
    );
  const variables = wordsOf(fields.variables);
  const secrets = wordsOf(fields.secrets).map((one) => /^([A-Za-z_]\w*)=(.+)$/.exec(one));
  if (secrets.includes(null))
    return wrong('Write a variable and the name of a secret in the vault, for example TOKEN=mail.');
  if (variables.some((one) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(one)))
    return wrong('Variables are handed on by name only, for example LANG, TOKEN_FILE.');
  const cwd = fields.cwd.trim();
  return {
    ok: true,
    asked: {
      name,
      transport: {
        kind: 'stdio',
        argv,
        env_names: variables,
        reads: linesOf(fields.reads),
        writes: linesOf(fields.writes),
        network: fields.network,
        ...(secrets.length === 0
          ? {}
          : {
              secrets: secrets.map((found) => ({ env: found?.[1] ?? '', from: found?.[2] ?? '' })),
            }),
        ...(secrets.length === 0
          ? {}
          : {
              secrets: secrets.map((found) => ({ env: found?.[1] ?? '', from: found?.[2] ?? '' })),
            }),
        ...(cwd === '' ? {} : { cwd }),
      },
    },
  };
}
