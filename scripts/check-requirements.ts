// Each promise has an id (test/requirements.ts) and a test whose title cites it. Lists the ids that no test
// cites; fails on a citation of an id that does not exist, and when it found no test at all.
//
//   node scripts/check-requirements.ts [FOLDER]   FOLDER: another tree, for the test of this check
import { globSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { say } from './lib/progress.mjs';
import { root } from './lib/steps.ts';

const folder = path.resolve(process.argv[2] ?? root);
const sources = '{schema,host,extension,webview-ui,scripts,test}/**/*.{test,conformance}.ts';
/** The title of a test or group: the first argument, in whichever quotes. */
const title =
  /\b(?:it|describe|test|suite|specify|context)(?:\.\w+)?\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/gs;
const citation = /\[([A-Z]-\d+(?:\s*,\s*[A-Z]-\d+)*)\]/g;

interface Citation {
  readonly id: string;
  readonly file: string;
}

function titlesIn(text: string): string[] {
  return [...text.matchAll(title)].map((match) => match[2] ?? '');
}

function citationsIn(text: string): string[] {
  return [...text.matchAll(citation)].flatMap((match) => (match[1] ?? '').split(/\s*,\s*/));
}

async function knownIds(): Promise<ReadonlySet<string>> {
  const file = pathToFileURL(path.join(folder, 'test/requirements.ts')).href;
  const { requirements } = (await import(file)) as { requirements: Record<string, string> };
  return new Set(Object.keys(requirements));
}

function look(): { tests: number; cited: Citation[] } {
  const files = globSync(sources, { cwd: folder });
  const found = files.map((file) => {
    const titles = titlesIn(readFileSync(path.join(folder, file), 'utf8'));
    return { file, titles, ids: titles.flatMap(citationsIn) };
  });
  return {
    tests: found.reduce((sum, { titles }) => sum + titles.length, 0),
    cited: found.flatMap(({ file, ids }) => ids.map((id) => ({ id, file }))),
  };
}

const known = await knownIds();
const { tests, cited } = look();
const citedIds = new Set(cited.map(({ id }) => id));
const unknown = cited.filter(({ id }) => !known.has(id));
const uncited = [...known].filter((id) => !citedIds.has(id));

say(`  ${tests} titles, ${known.size} promises, ${known.size - uncited.length} cited`);
if (uncited.length > 0) say(`  not cited by any test: ${uncited.join(' ')}`);
for (const { id, file } of unknown)
  say(`✗ ${file} cites ${id}, which test/requirements.ts does not have`);
if (tests === 0) say('✗ looked at no test');
if (known.size === 0) say('✗ there are no promises');
process.exitCode = unknown.length > 0 || tests === 0 || known.size === 0 ? 1 : 0;
