// npm run bench [name …] [-- --json]: runs benchmarks one after the other, each a file of this folder
// that exports `run(): Promise<BenchTable>`; what they share lies in lib/. Status 1 where a goal was missed. With --json, one table
// a line on stdout and nothing else there.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { useRunFolder } from '../../scripts/lib/run-folder.ts';
import { isMissed, printTable, type BenchTable } from './table.ts';

const notBenchmarks = new Set(['run.ts', 'table.ts']);
const known = readdirSync(import.meta.dirname)
  .filter((file) => /^[a-z].*[.]ts$/.test(file) && !notBenchmarks.has(file))
  .map((file) => file.slice(0, -'.ts'.length))
  .toSorted();

const asked = process.argv.slice(2);
const json = asked.includes('--json');
const names = asked.filter((argument) => argument !== '--json');
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no benchmark ${unknown.join(', ')}; there are ${known.join(', ')}\n`);
  process.exit(2);
}

useRunFolder();
for (const name of names.length > 0 ? names : known) {
  if (!json) process.stderr.write(`measuring ${name} …\n`);
  const file = pathToFileURL(join(import.meta.dirname, `${name}.ts`)).href;
  const bench = (await import(file)) as { run: () => Promise<BenchTable> };
  const table = await bench.run();
  process.stdout.write(json ? `${JSON.stringify(table)}\n` : `\n${printTable(table)}\n\n`);
  if (isMissed(table)) process.exitCode = 1;
}
