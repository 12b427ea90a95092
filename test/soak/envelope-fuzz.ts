// A million damaged requests to a host in a process of its own. `node test/soak/envelope-fuzz.ts [COUNT] [SEED]`
import { fuzzEnvelopes } from '../contract/envelope-fuzz.ts';
import { shells } from '../contract/shells.ts';

const [count = 1_000_000, seed = Date.now() % 2 ** 32] = process.argv.slice(2).map(Number);
const kind = shells.find(({ name }) => name.includes('process of its own'));
if (kind === undefined) throw new Error('there is no such shell');
const shell = await kind.start();
try {
  process.stdout.write(`${count} damaged requests, seed ${seed}\n`);
  const result = await fuzzEnvelopes(shell, count, seed);
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = result.problems.length === 0 && result.answered === count ? 0 : 1;
} finally {
  await shell.stop();
}
