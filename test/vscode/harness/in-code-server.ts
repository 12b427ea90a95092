// The suite in code-server's extension host, through the workbench's smoke-test driver.
import { existsSync } from 'node:fs';
import { screenshot, startWorkbench } from '../../ui/harness/workbench.ts';

/** What both shells need to know to run the suite. */
export interface SuiteRun {
  /** Folder of the extension's package.json. */
  readonly extensionDir: string;
  /** Folder with the bundled index.js. */
  readonly suiteDir: string;
  /** Where the suite writes mocha's JSON report. */
  readonly reportFile: string;
}

const limitMs = 1_200_000;

/** The authority is the literal `remote` in code-server's workbench. */
const remote = (file: string): string => `vscode-remote://remote${file}`;

const noReport = 'the suite ended without a report';
const tries = 3;

/** Runs to the end of the suite; throws when the workbench never got there. */
export async function runInCodeServer(run: SuiteRun): Promise<void> {
  for (let left = tries - 1; ; left--) {
    try {
      return await runOnce(run);
    } catch (failure) {
      // The editor gives an extension host 60 seconds to start, which a busy machine may not have.
      if (left === 0 || !String(failure).includes(noReport)) throw failure;
    }
  }
}

async function runOnce(run: SuiteRun): Promise<void> {
  const workbench = await startWorkbench({
    // Keys and formatters of the whole editor are what the suite looks at.
    nearlyAllBuiltins: true,
    graceSeconds: 300,
    args: ['--vscode-option', 'enable-smoke-test-driver'],
    env: { HOB_SUITE_REPORT: run.reportFile },
  });
  try {
    const guarded = await workbench.newContext();
    const ended = new Promise<void>((resolve, reject) => {
      setTimeout(
        () => reject(new Error(`the suite did not end within ${limitMs} ms`)),
        limitMs,
      ).unref();
      // The report says which tests failed; the code only says that it is over.
      guarded.context.exposeFunction('codeAutomationExit', () => resolve()).catch(reject);
    });
    await guarded.context.exposeFunction('codeAutomationLog', () => undefined);
    const payload = [
      ['extensionDevelopmentPath', remote(run.extensionDir)],
      ['extensionTestsPath', remote(`${run.suiteDir}/index.js`)],
      ['skipWelcome', 'true'],
      ['skipReleaseNotes', 'true'],
    ];
    const { page, consoleLines } = await workbench.openWindow(
      workbench.makeFolder({ 'a.txt': 'one\ntwo\n' }),
      {
        context: guarded,
        query: { payload: JSON.stringify(payload) },
      },
    );
    try {
      await ended;
      if (!existsSync(run.reportFile)) throw new Error(noReport);
    } catch (error) {
      const picture = await screenshot(page, 'vscode-suite-failed');
      throw new Error(
        `${String(error)}\npicture: ${picture}\n${consoleLines.slice(-40).join('\n')}`,
        {
          cause: error,
        },
      );
    }
  } finally {
    await workbench.stop();
  }
}
