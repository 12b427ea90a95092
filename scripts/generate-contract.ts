// npm run docs: writes what is generated from the contract: docs/contract.md, docs/contract.schema.json
// and the list of names that may never go away. With --check it writes nothing and fails on a
// difference, so that the pages cannot say something else than the code.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { contractPage } from './contract/page.ts';
import { contractSchema } from './contract/json-schema.ts';
import { frozenNames, grow, type Frozen } from './contract/frozen.ts';
import { say } from './lib/progress.mjs';
import { root } from './lib/steps.ts';

const freezeFile = 'schema/commands/registry.freeze.json';

function read(file: string): string {
  const at = path.join(root, file);
  return existsSync(at) ? readFileSync(at, 'utf8') : '';
}

/** What was frozen stays, whatever the code says: a test fails on a name that went away. */
function frozen(): Frozen {
  const before = read(freezeFile);
  return before === '' ? frozenNames() : grow(JSON.parse(before) as Frozen, frozenNames());
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const files: Readonly<Record<string, string>> = {
  'docs/contract.md': contractPage(),
  'docs/contract.schema.json': json(contractSchema()),
  [freezeFile]: json(frozen()),
};

const isCheck = process.argv.includes('--check');
for (const [file, text] of Object.entries(files)) {
  if (read(file) === text) continue;
  if (isCheck) {
    say(`${file} is not what the contract generates; run: npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(path.join(root, file), text);
    say(`wrote ${file}, ${(text.length / 1024).toFixed(1)} kB`);
  }
}
