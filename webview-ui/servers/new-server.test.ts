import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { noServer, type NewServer } from './model.ts';
import { serverOf } from './new-server.ts';

const of = (fields: Partial<NewServer>) =>
  serverOf({ ...noServer, name: 'files', reached: 'npx -y server "/my notes"', ...fields });

const address = 'https://mcp.example/mcp';

describe('a server that is written down', () => {
  it('[X-30] becomes words, names of variables and folders, one a line', () => {
    const given = {
      variables: 'LANG, TOKEN_FILE\n',
      reads: ' /a \n\n/b c',
      writes: '/w',
      values: 'LEVEL=debug\nGREETING=good = day',
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
          variables: [
            { env: 'LEVEL', value: 'debug' },
            { env: 'GREETING', value: 'good = day' },
          ],
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

  it('[X-30] says how Hob signs in at an address, or leaves that to the server', () => {
    const signsIn = (fields: Partial<NewServer>) => {
      const made = of({ reached: address, ...fields });
      return made.ok && made.asked.transport.kind === 'http' ? made.asked.transport.oauth : made;
    };
    assert.equal(signsIn({ clientId: ' ' }), undefined);
    const client = { clientId: ' me ', clientSecret: 'mail', scope: 'read write' };
    assert.deepEqual(signsIn(client), {
      grant: 'authorization_code',
      client_id: 'me',
      client_secret_from: 'mail',
      scope: 'read write',
    });
    assert.deepEqual(signsIn({ clientId: 'me', privateKey: 'key', asProgram: true }), {
      grant: 'client_credentials',
      client_id: 'me',
      private_key_from: 'key',
    });
    const about = 'https://me.example/client.json';
    assert.deepEqual(signsIn({ clientMetadata: about }), {
      grant: 'authorization_code',
      client_metadata_url: about,
    });
  });

  it('[X-30] is refused in words: no name, a shell, a value among the variables', () => {
    for (const [fields, words] of [
      [{ name: 'Files' }, /short name/],
      [{ reached: '' }, /program/],
      [{ reached: 'a | b' }, /No shell/],
      [{ variables: 'TOKEN=secret' }, /named only/],
      [{ values: 'LEVEL' }, /its value/],
      [{ secrets: 'mail' }, /name of a secret in the vault/],
      [{ reached: address, secrets: 'a', clientId: 'b' }, /not both/],
      [{ reached: address, asProgram: true, clientId: 'b' }, /a secret or a private key/],
      [{ reached: address, clientSecret: 'b' }, /Which client/],
      [{ reached: address, clientMetadata: 'http://x' }, /https/],
    ] as const) {
      const made = of(fields);
      assert.match(made.ok ? '' : made.problem, words);
    }
  });
});
