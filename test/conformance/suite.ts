// Runs one of the official suites and reads what it found from the files that it leaves, not from its exit
// status alone: a scenario that looked at nothing has not failed either.
import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { npmTools, toolEntry } from '../../scripts/lib/tool-table.mjs';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

export interface Findings {
  /** Exit status of the suite. */
  status: number;
  scenarios: number;
  passed: number;
  failed: readonly string[];
  /** The end of what it printed, for a person who looks why. */
  output: string;
}

/** How much a suite has to have looked at. A suite that changes what it looks at is pinned, so none of this moves by itself. */
export interface Expected {
  scenarios: number;
  checks: number;
}

interface Check {
  id: string;
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  errorMessage?: string;
}

/** `args`: what comes after the program, e.g. `['server', '--url', url]`. */
export async function runSuite(
  tool: 'conformance-1' | 'conformance-2',
  args: readonly string[],
): Promise<Findings> {
  const entry = entryOf(tool);
  const folder = temporaryFolder('suite');
  try {
    const { status, output } = await run(entry, [...args, '--output-dir', folder]);
    return { status, output, ...found(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The scenarios for a client that a suite lists; `args` say which. */
export async function scenariosOf(
  tool: 'conformance-1' | 'conformance-2',
  args: readonly string[],
): Promise<string[]> {
  const { output } = await run(entryOf(tool), ['list', '--client', ...args]);
  // Of a version it lists what a server has to do as well, and what is not scored.
  const [, ofClients = ''] = /Client scenarios[^\n]*\n((?: +- .*\n?)*)/.exec(output) ?? [];
  return [...ofClients.matchAll(/- (\S+)/g)].map(([, name]) => name ?? '');
}

function entryOf(tool: 'conformance-1' | 'conformance-2'): string {
  const entry = toolEntry(tool);
  if (entry === undefined || !existsSync(entry))
    throw new Error(`${npmTools[tool]?.about ?? tool} is not installed: npm test installs it`);
  return entry;
}

function run(entry: string, args: readonly string[]): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [entry, ...args], options, (failure, stdout, stderr) => {
      const status = failure === null ? 0 : typeof failure.code === 'number' ? failure.code : 1;
      resolve({ status, output: `${stdout}${stderr}`.slice(-4_000) });
    });
  });
}

function found(folder: string): Pick<Findings, 'scenarios' | 'passed' | 'failed'> {
  const files = globSync('**/checks.json', { cwd: folder });
  const checks = files.flatMap((file) =>
    (JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Check[]).map((check) => ({
      ...check,
      scenario: path.dirname(file).replace(/-\d{4}-\d\d-\d\dT.*$/, ''),
    })),
  );
  return {
    scenarios: files.length,
    passed: checks.filter(({ status }) => status === 'SUCCESS').length,
    failed: checks
      .filter(({ status }) => status === 'FAILURE')
      .map(({ scenario, id, errorMessage }) => `${scenario} ${id}: ${errorMessage ?? ''}`),
  };
}

/** What is not as it has to be; empty when all is well. */
export function faultsIn(
  { status, scenarios, passed, failed }: Findings,
  expected: Expected,
): string[] {
  return [
    ...failed,
    ...(status === 0 ? [] : [`the suite ended with ${status}`]),
    ...(scenarios === expected.scenarios
      ? []
      : [`${scenarios} scenarios were run, not ${expected.scenarios}`]),
    ...(passed >= expected.checks
      ? []
      : [`${passed} checks passed, ${expected.checks} are the least`]),
  ];
}
