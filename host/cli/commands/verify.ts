import { exitCodes, type CliCommand } from '../command.ts';

export const verifyCommand: CliCommand = {
  name: 'verify',
  usage: 'verify',
  summary:
    'Checks the hash chain, the signature of every decision, and every projection against the events.',
  details: ['Exit status 1 when anything does not fit.'],
  async run({ connect, out }) {
    const client = await connect();
    const found = await client.request('audit.verify', {}, { timeoutMs: 600_000 });
    const counts = `${found.events} events, ${found.decisions} signed decisions, head ${found.head_seq} ${found.head_hash.slice(0, 16)}`;
    const problems = found.problems.map(
      (one) => `  ${one.code}${one.seq === null ? '' : ` at ${one.seq}`}: ${one.message}`,
    );
    out.result(
      found,
      [found.ok ? `Verified: ${counts}.` : `NOT VERIFIED: ${counts}.`, ...problems].join('\n'),
    );
    return found.ok ? exitCodes.done : exitCodes.error;
  },
};
