import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { noServer, type NewServer } from './model.ts';
import { serverOf } from './new-server.ts';

const of = (fields: Partial<NewServer>) =>
  serverOf({ ...noServer, name: 'files', reached: 'npx -y server "/my notes"', ...fields });

describe('a server that is written down', () => {
  it('[X-30] becomes words, names of variables and folders, one a line', () => {
    const given = {
      variables: 'LANG, TOKEN_FILE\n',
      reads: ' /a \n\n/b c',
      writes: '/w',
      cwd: ' /c ',
      secrets: 'PASSWORD=mail',
    };
    assert.deepEqual(of({ ...given, network: true }), {
      ok: true,
      asked: {
        name: 'files',
        transport: {
          kind: 'stdio',
          argv: ['npx', '-y', 'server', '/my notes'],
          env_names: ['LANG', 'TOKEN_FILE'],
          reads: ['/a', '/b c'],
          writes: ['/w'],
          network: true,
          secrets: [{ env: 'PASSWORD', from: 'mail' }],
          cwd: '/c',
        },
      },
    });
  });

  it('[X-30] is an address where it begins like one', () => {
    const reached = ' https://mcp.example/mcp ';
    assert.deepEqual(of({ reached, privateNetwork: true, secrets: 'issues' }), {
      ok: true,
      asked: {
        name: 'files',
        transport: {
          kind: 'http',
          url: 'https://mcp.example/mcp',
          private_network: true,
          bearer_from: 'issues',
        },
      },
    });
  });

  it('[X-30] is refused in words: no name, a shell, a value among the variables', () => {
    for (const [fields, words] of [
      [{ name: 'Files' }, /short name/],
      [{ reached: '' }, /program/],
      [{ reached: 'a | b' }, /No shell/],
      [{ variables: 'TOKEN=secret' }, /by name only/],
      [{ secrets: 'mail' }, /name of a secret in the vault/],
    ] as const) {
      const made = of(fields);
      assert.match(made.ok ? '' : made.problem, words);
    }
  });
});
