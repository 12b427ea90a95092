// Runs test/vscode/**/*.test.ts inside an extension host that has this extension loaded from the tree: in
// desktop VS Code where there is one (VSCODE_TEST_PATH, or `code` on PATH), else in code-server.
//
//   node test/vscode/harness/run-suite.ts [--in desktop|code-server] [--extension DIR --tests DIR]
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { useRunFolder } from '../../../scripts/lib/run-folder.ts';
import { say, seconds } from '../../../scripts/lib/progress.mjs';
import { root } from '../../../scripts/lib/steps.ts';
import { runInCodeServer } from './in-code-server.ts';
import { desktopExecutable, runInDesktop } from './in-desktop.ts';

const { values } = parseArgs({
  options: {
    in: { type: 'string' },
    extension: { type: 'string', default: root },
    tests: { type: 'string', default: path.join(root, 'test/vscode') },
  },
});

interface ReportedTest {
  readonly fullTitle: string;
  readonly duration?: number;
  readonly err: { readonly message?: string; readonly stack?: string };
}

interface Report {
  readonly tests: readonly ReportedTest[];
  readonly pending: readonly ReportedTest[];
}

/** Tests of all folders lie beside the entry, which reads its own folder only. */
function flatName(file: string): string {
  return file.slice(0, -'.ts'.length).replaceAll(path.sep, '-');
}

/** Bundles entry and tests; the folder says it is CommonJS, whatever the package is. */
async function bundleSuite(testsDir: string, outdir: string): Promise<void> {
  const tests = globSync('**/*.test.ts', { cwd: testsDir });
  if (tests.length === 0) throw new Error(`no tests in ${testsDir}`);
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  writeFileSync(path.join(outdir, 'package.json'), '{"type":"commonjs"}\n');
  await build({
    entryPoints: {
      index: path.join(import.meta.dirname, 'suite-entry.ts'),
      ...Object.fromEntries(tests.map((file) => [flatName(file), path.join(testsDir, file)])),
    },
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    sourcemap: 'inline',
    logLevel: 'warning',
    external: ['vscode', 'mocha'],
  });
}

/** Prints what the suite reported. @returns whether there were tests and all passed */
function printReport(file: string): boolean {
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  for (const { fullTitle, duration = 0, err } of report.tests) {
    say(`  ${err.message === undefined ? '✓' : '✗'} ${fullTitle} (${seconds(duration)})`);
    if (err.message !== undefined) say(`    ${err.stack ?? err.message}`);
  }
  for (const { fullTitle } of report.pending) say(`  - ${fullTitle} (not run)`);
  return report.tests.length > 0 && report.tests.every(({ err }) => err.message === undefined);
}

async function main(): Promise<boolean> {
  const suiteDir = path.join(root, '.cache/vscode-suite');
  const reportFile = path.join(root, 'test/out/vscode-suite.json');
  mkdirSync(path.dirname(reportFile), { recursive: true });
  rmSync(reportFile, { force: true });
  await bundleSuite(values.tests, suiteDir);
  const executable = desktopExecutable();
  const where = values.in ?? (executable === undefined ? 'code-server' : 'desktop');
  say(`  in ${where === 'desktop' ? executable : where}`);
  const run = { extensionDir: values.extension, suiteDir, reportFile };
  if (where === 'desktop') {
    if (executable === undefined) throw new Error('no desktop VS Code; set VSCODE_TEST_PATH');
    await runInDesktop(executable, run);
  } else {
    await runInCodeServer(run);
  }
  return printReport(reportFile);
}

useRunFolder();
process.exitCode = (await main()) ? 0 : 1;
