// npm test: the checks, then build, package and every suite. Exactly what CI runs.
//
//   npm test                everything
//   npm test -- process ui  only these suites, after build and package
import { readdirSync } from 'node:fs';
import * as path from 'node:path';
import { checkSteps } from './lib/check-steps.ts';
import { root, runSteps } from './lib/steps.ts';
import type { Step } from './lib/steps.ts';

const prepare: readonly Step[] = [
  { title: 'build', program: 'node', args: ['scripts/build.mjs'], essential: true },
  {
    title: 'package',
    program: 'node',
    args: ['scripts/package.ts', '--target', 'current'],
    essential: true,
  },
];

function mochaSuite(folder: string, limitMinutes: number): Step {
  return {
    title: `${folder} tests`,
    program: 'mocha',
    // Waiting is for a busy machine; nothing is asserted about time.
    args: ['--forbid-only', '--timeout', '60000', `test/${folder}/**/*.test.ts`],
    live: true,
    limitMinutes,
  };
}

const suites: Readonly<Record<string, Step>> = {
  integration: mochaSuite('integration', 5),
  contract: mochaSuite('contract', 5),
  process: mochaSuite('process', 30),
  vscode: {
    title: 'vscode tests',
    program: 'node',
    args: ['test/vscode/harness/run-suite.ts'],
    live: true,
    limitMinutes: 5,
  },
  ui: mochaSuite('ui', 30),
};

/** A folder with tests that no suite runs would be a test that cannot fail. */
function requireEverySuiteNamed(): void {
  const known = new Set([
    ...Object.keys(suites),
    'bench',
    'fakes',
    'fixtures',
    'out',
    'soak',
    'media',
  ]);
  const stray = readdirSync(path.join(root, 'test'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !known.has(entry.name))
    .map((entry) => entry.name);
  if (stray.length > 0)
    throw new Error(`test/${stray.join(', test/')}: no suite of scripts/test.ts runs it`);
}

function chosenSteps(names: readonly string[]): Step[] {
  if (names.length === 0) return [...checkSteps, ...prepare, ...Object.values(suites)];
  const chosen = names.map((name) => {
    const suite = suites[name];
    if (!suite)
      throw new Error(`no suite named ${name}; there are ${Object.keys(suites).join(', ')}`);
    return suite;
  });
  return [...prepare, ...chosen];
}

requireEverySuiteNamed();
if (!(await runSteps(chosenSteps(process.argv.slice(2))))) process.exitCode ||= 1;
