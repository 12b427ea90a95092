// The suite in desktop VS Code, through @vscode/test-electron, with an editor that is already installed:
// nothing is downloaded here.
import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { endMarked, markVariable } from '../../../scripts/lib/processes.ts';
import { findProgram } from '../../../scripts/lib/tool-table.mjs';
import { makePrivateDirs } from '../../ui/harness/workbench.ts';
import type { SuiteRun } from './in-code-server.ts';

/** The Electron program beside the `code` command: Linux, macOS, Windows in turn. */
const besideCommand = ['../code', '../../../MacOS/Electron', '../Code.exe'];

/** VSCODE_TEST_PATH, else the editor whose `code` command is on PATH. */
export function desktopExecutable(): string | undefined {
  const given = process.env['VSCODE_TEST_PATH'];
  if (given !== undefined && given !== '') return given;
  const command = findProgram(['code']);
  if (command === undefined) return undefined;
  const folder = path.dirname(realpathSync(command));
  return besideCommand.map((file) => path.resolve(folder, file)).find((file) => existsSync(file));
}

/** Runs to the end of the suite. Failed tests are in the report, so only a missing report is an error. */
export async function runInDesktop(executable: string, run: SuiteRun): Promise<void> {
  const dirs = makePrivateDirs();
  const mark = randomUUID();
  try {
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: run.extensionDir,
      extensionTestsPath: path.join(run.suiteDir, 'index.js'),
      extensionTestsEnv: {
        ...dirs.env,
        HOB_SUITE_REPORT: run.reportFile,
        [markVariable]: mark,
      },
      launchArgs: [
        `--user-data-dir=${path.join(dirs.root, 'user-data')}`,
        `--extensions-dir=${path.join(dirs.root, 'extensions')}`,
        '--disable-workspace-trust',
        '--disable-gpu',
        '--no-sandbox',
      ],
    });
  } catch (error) {
    if (!existsSync(run.reportFile)) throw error;
  } finally {
    await endMarked(mark);
    rmSync(dirs.root, { recursive: true, force: true });
  }
}
