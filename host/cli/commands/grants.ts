import { exitCodes, UsageError, type CliCommand } from '../command.ts';
import { requireId } from '../ids.ts';
import { plain, table } from '../output.ts';
import { usageText } from '../usage.ts';

const USAGE = 'grants [--all] | revoke GRANT_ID';

export const grantsCommand: CliCommand = {
  name: 'grants',
  usage: USAGE,
  summary: 'Lists standing permissions with their use counts, or ends one.',
  details: [
    '--all             revoked and expired ones as well',
    'revoke GRANT_ID   ends this permission and its children, at once',
  ],
  options: { all: { type: 'boolean' } },
  async run({ positionals: [verb, id, ...more], values, connect, out }) {
    if ((verb !== undefined && (verb !== 'revoke' || id === undefined)) || more.length > 0)
      throw new UsageError(usageText(USAGE, verb));
    if (id !== undefined) requireId('grant', id, 'hob grants --all');
    const client = await connect();
    if (id !== undefined) {
      const { revoked } = await client.request('grant.revoke', { grant_id: id });
      out.result({ revoked }, `Revoked: ${revoked.join(', ') || 'nothing, it had ended already'}`);
      return exitCodes.done;
    }
    const all =
      values['all'] === true
        ? { status: ['active' as const, 'revoked' as const, 'expired' as const] }
        : {};
    const { grants } = await client.request('grant.list', { ...all, limit: 500 });
    if (out.json) for (const grant of grants) out.result(grant, '');
    else if (grants.length === 0) out.say('There are no standing permissions.');
    else
      out.say(
        table(
          grants.map((one) => [
            one.grant_id,
            one.status,
            `used ${one.uses} times`,
            one.principal_id,
            plain(one.label),
          ]),
        ),
      );
    return exitCodes.done;
  },
};
