// Every check of `npm run check` passes on a small clean tree and fails on the same tree with one fault
// planted. A check that cannot fail says nothing when it passes.
import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { after, before, describe, it } from 'mocha';
import { checkSteps } from '../../scripts/lib/check-steps.ts';
import { root } from '../../scripts/lib/steps.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const copied = [
  '.oxfmtrc.json',
  '.oxlintrc.json',
  'knip.json',
  '.mocharc.json',
  'test/reporter.ts',
  'test/setup.ts',
  '.gitignore',
  'tsconfig.base.json',
  'tsconfig.pure.json',
  'tsconfig.panel.json',
  'scripts/check-environments.mjs',
  'scripts/check-layers.ts',
  'scripts/check-requirements.ts',
  'scripts/lib/progress.mjs',
  'scripts/lib/run-folder.ts',
  'scripts/lib/steps.ts',
  'scripts/lib/layers.ts',
].concat(
  ['schema', 'host', 'extension', 'webview-ui', 'test', 'scripts'].map(
    (one) => `${one}/tsconfig.json`,
  ),
);

const cleanFiles: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    name: 'planted',
    type: 'module',
    imports: { '#schema/*': './schema/*', '#host/*': './host/*' },
    devDependencies: { 'dependency-cruiser': '*', 'fast-check': '*', mocha: '*' },
  }),
  'schema/word.ts': "export const word = 'word';\n",
  'host/kernel/count.ts': 'export const count = (text: string): number => text.length;\n',
  'host/kernel/count.test.ts': `import * as assert from 'node:assert/strict';
import { it } from 'mocha';
import { count } from './count.ts';

it('[X_1] counts', () => {
  assert.equal(count('four'), 4);
});
`,
  'host/runtime/main.ts': `import { count } from '#host/kernel/count.ts';
import { word } from '#schema/word.ts';

process.stdout.write(String(count(word)));
`,
  'extension/extension.ts': `import { word } from '#schema/word.ts';

process.stdout.write(word);
`,
  'webview-ui/main.ts': `import { word } from '#schema/word.ts';

document.title = word;
`,
  // What of the copied scripts only other scripts use.
  'scripts/uses.ts': `import { runQuietly, step } from './lib/progress.mjs';
import { runSteps } from './lib/steps.ts';

await step('nothing', () => runQuietly('true', []));
await runSteps([]);
`,
  'test/requirements.ts': "export const requirements = { 'X_1': 'it counts' };\n",
};

/** Files that are planted at once, each with what the check has to say about it. */
type Planted = readonly (readonly [Readonly<Record<string, string>>, RegExp])[];

/** What oxlint prints about a rule, or a type error, in a file. */
const about = (complaint: string, file: string): RegExp =>
  new RegExp(`${complaint}[^[]*\\[${file.replaceAll('.', '\\.')}:`);

/**
 * Check → runs that must turn it red. A check that names everything it finds is run once, with all its
 * faults in files of their own; one that a single fault changes as a whole, once for each.
 */
const faults: Readonly<Record<string, readonly Planted[]>> = {
  format: [[[{ 'schema/word.ts': 'export const word = "word"\n' }, /schema\/word\.ts/]]],
  environments: [
    [
      [{ 'host/runs/core/a.ts': "import 'node:fs';\n" }, /core\/a\.ts[^\n]*node:fs/],
      [
        { 'host/runs/core/b.ts': 'setTimeout(() => undefined, 1);\n' },
        /core\/b\.ts[^\n]*setTimeout/,
      ],
      [{ 'webview-ui/a.ts': 'export const a = process.pid;\n' }, /webview-ui\/a\.ts[^\n]*process/],
    ],
  ],
  'types and lint': [
    [
      [
        { 'schema/wrong.ts': "export const wrong: number = 'wrong';\n" },
        about('TS2322', 'schema/wrong.ts'),
      ],
      [{ 'host/page.ts': 'document.title;\n' }, about('TS2584', 'host/page.ts')],
      [
        { 'host/way.ts': "export const way = () => fetch('https://example.com');\n" },
        about('no-restricted-globals', 'host/way.ts'),
      ],
      [{ 'host/colour.ts': 'export enum Colour { Red }\n' }, about('TS1294', 'host/colour.ts')],
      [
        { 'webview-ui/a.test.ts': "export const a: number = 'a';\n" },
        about('TS2322', 'webview-ui/a.test.ts'),
      ],
      [
        { 'scripts/a.mjs': '/** @type {number} */\nexport const a = String(1);\n' },
        about('TS2322', 'scripts/a.mjs'),
      ],
      [
        { 'host/work.ts': 'const work = async () => 1;\nwork();\n' },
        about('no-floating-promises', 'host/work.ts'),
      ],
      [
        {
          'host/a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n",
          'host/b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n",
        },
        about('no-cycle', 'host/a.ts'),
      ],
      [{ 'host/text.ts': "throw 'text';\n" }, about('only-throw-error', 'host/text.ts')],
      [
        {
          'host/side.ts':
            "type Side = 'left' | 'right';\nexport const f = (side: Side): number => {\n  switch (side) {\n    case 'left':\n      return 1;\n  }\n  return 2;\n};\n",
        },
        about('switch-exhaustiveness-check', 'host/side.ts'),
      ],
    ],
  ],
  layers: [
    [
      [
        {
          'host/kernel/a.ts': "export { b } from '#host/store/b.ts';\n",
          'host/store/b.ts': 'export const b = 1;\n',
        },
        /tier-kernel: host\/kernel\/a\.ts/,
      ],
    ],
    [[{ 'host/unheard-of/a.ts': 'export {};\n' }, /host\/unheard-of has no row/]],
  ],
  'unused code': [
    [
      [{ 'host/kernel/unused.ts': 'export const unused = 1;\n' }, /kernel\/unused\.ts/],
      [
        { 'schema/word.ts': "export const word = 'word';\nexport const other = 1;\n" },
        /other[^\n]*schema\/word\.ts/,
      ],
    ],
  ],
  'contract pages': [
    [
      [
        { 'docs/contract.md': 'something else\n' },
        /contract\.md is not what the contract generates/,
      ],
    ],
  ],
  requirements: [
    [
      [
        { 'host/kernel/a.test.ts': "it('[X_2] cites nothing that exists', () => {});\n" },
        /cites X-2/,
      ],
    ],
    [[{ 'host/kernel/count.test.ts': 'export {};\n' }, /looked at no test/]],
  ],
  'unit tests': [
    [
      [
        { 'host/kernel/a.test.ts': "it('fails', () => {\n  throw new Error('planted');\n});\n" },
        /planted/,
      ],
    ],
    [[{ 'host/kernel/a.test.ts': "it.only('is alone', () => {});\n" }, /only/]],
    [[{ 'host/kernel/count.test.ts': 'export {};\n' }, /0 passing/]],
  ],
};

function writeFiles(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    // Ids are written X_1 here, so that the real check does not take them for citations of ours.
    fs.writeFileSync(path.join(dir, name), content.replaceAll('X_', 'X-'));
  }
}

/** Undoes a planted file, without leaving an empty folder behind. */
function restore(dir: string, name: string, before: string | undefined): void {
  if (before !== undefined) return fs.writeFileSync(path.join(dir, name), before);
  fs.rmSync(path.join(dir, name));
  for (let folder = path.dirname(name); folder !== '.'; folder = path.dirname(folder)) {
    if (fs.readdirSync(path.join(dir, folder)).length > 0) return;
    fs.rmdirSync(path.join(dir, folder));
  }
}

function readIfThere(file: string): string | undefined {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

function makeTree(fill: (dir: string) => void): string {
  const dir = temporaryFolder('checks');
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(dir, 'node_modules'));
  fill(dir);
  return dir;
}

/** A dozen files without a fault, under the real configuration. */
function fillSmall(dir: string): void {
  writeFiles(dir, cleanFiles);
  for (const file of copied) {
    fs.mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    fs.copyFileSync(path.join(root, file), path.join(dir, file));
  }
}

/** What pages are generated from, and the pages. */
function fillContract(dir: string): void {
  for (const name of ['schema', 'scripts', 'docs', 'package.json']) {
    fs.cpSync(path.join(root, name), path.join(dir, name), { recursive: true });
  }
}

function runCheck(dir: string, title: string): { passed: boolean; output: string } {
  const step = checkSteps.find((one) => one.title === title);
  assert.ok(step, `no check named ${title}`);
  const bin = path.join(dir, 'node_modules/.bin', step.program);
  const program = step.program === 'node' ? process.execPath : bin;
  const { status, stdout, stderr } = spawnSync(program, step.args, { cwd: dir, encoding: 'utf8' });
  // Some tools colour what they say where CI is set, terminal or not.
  return { passed: status === 0, output: stripVTControlCharacters(stdout + stderr) };
}

function runWithFault(
  dir: string,
  title: string,
  files: Readonly<Record<string, string>>,
): ReturnType<typeof runCheck> {
  const before = Object.keys(files).map(
    (name) => [name, readIfThere(path.join(dir, name))] as const,
  );
  writeFiles(dir, files);
  try {
    return runCheck(dir, title);
  } finally {
    for (const [name, text] of before) restore(dir, name, text);
  }
}

describe('[G-43] checks', function () {
  let small = '';
  let contract = '';

  before(() => {
    small = makeTree(fillSmall);
    contract = makeTree(fillContract);
  });
  after(() => {
    for (const dir of [small, contract]) fs.rmSync(dir, { recursive: true, force: true });
  });

  const treeOf = (title: string): string => (title === 'contract pages' ? contract : small);

  it('has planted faults for every check there is', () => {
    assert.deepEqual(
      Object.keys(faults),
      checkSteps.map(({ title }) => title),
    );
  });

  for (const [title, planted] of Object.entries(faults)) {
    describe(title, () => {
      it('passes on the clean tree', () => {
        const { passed, output } = runCheck(treeOf(title), title);
        assert.ok(passed, output);
      });
      for (const run of planted) {
        it(`fails on ${run.map(([files]) => Object.keys(files).join(' and ')).join(', ')}`, () => {
          const files = Object.assign({}, ...run.map(([one]) => one)) as Record<string, string>;
          const { passed, output } = runWithFault(treeOf(title), title, files);
          assert.equal(passed, false, output);
          for (const [, complaint] of run) assert.match(output, complaint);
        });
      }
    });
  }
});
