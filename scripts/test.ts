// npm test: the checks, then build, package and every suite. Exactly what CI runs.
//
//   npm test                everything
//   npm test -- process ui  only these suites, after build and package
import { readdirSync } from 'node:fs';
import * as path from 'node:path';
import { checkSteps } from './lib/check-steps.ts';
import { useRunFolder } from './lib/run-folder.ts';
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

/** `besides`: files of the folder that other suites run. */
function mochaSuite(
  title: string,
  files: string,
  limitMinutes: number,
  ...besides: readonly string[]
): Step {
  const ignored = besides.flatMap((other) => ['--ignore', other]);
  return {
    title: `${title} tests`,
    program: 'mocha',
    args: ['--forbid-only', ...ignored, files],
    live: true,
    limitMinutes,
  };
}

const agentFiles = 'test/process/{codex,agents}/**/*.test.ts';
/** Terms of the scheduler's lease that run out: they keep no core busy. */
const failoverFiles = 'test/process/scheduler-*.test.ts';
/** A sound card is listened to in real time, so they have the machine to themselves. */
const soundFile = 'test/process/voice-sound.test.ts';
const panelFiles = 'test/ui/{panel-*,orb}.test.ts';
const suites = {
  integration: mochaSuite('integration', 'test/integration/**/*.test.ts', 20),
  agents: mochaSuite('agents', agentFiles, 25),
  contract: mochaSuite('contract', 'test/contract/**/*.test.ts', 10),
  conformance: mochaSuite('conformance', 'test/conformance/**/*.test.ts', 15),
  process: mochaSuite(
    'process',
    'test/process/**/*.test.ts',
    40,
    agentFiles,
    failoverFiles,
    soundFile,
  ),
  sound: mochaSuite('sound', soundFile, 5),
  failover: mochaSuite('failover', failoverFiles, 15),
  panel: mochaSuite('panel', panelFiles, 40),
  vscode: {
    title: 'vscode tests',
    program: 'node',
    args: ['test/vscode/harness/run-suite.ts'],
    live: true,
    limitMinutes: 25,
  },
  ui: mochaSuite('ui', 'test/ui/**/*.test.ts', 40, panelFiles),
} satisfies Record<string, Step>;

/**
 * In two lanes, and the long ones first, so that both end at about the same time. What draws an editor or the panel
 * keeps more than one core busy and comes one after the other, beside processes.
 */
const LANES = 2;
const everything: readonly Step[] = [
  suites.process,
  suites.ui,
  suites.panel,
  suites.integration,
  suites.vscode,
  suites.agents,
  suites.conformance,
  suites.failover,
  suites.contract,
];

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

function suiteOf(name: string): Step {
  const suite = (suites as Readonly<Record<string, Step>>)[name];
  if (!suite)
    throw new Error(`no suite named ${name}; there are ${Object.keys(suites).join(', ')}`);
  return suite;
}

const chosen = process.argv.slice(2).map(suiteOf);

requireEverySuiteNamed();
useRunFolder();
const passed =
  chosen.length > 0
    ? await runSteps([...prepare, ...chosen])
    : await runSteps([...checkSteps, ...prepare, suites.sound], everything, LANES);
if (!passed) process.exitCode ||= 1;
